import { html } from 'hono/html';
import { characters, firstCharacters } from '../lib/text.ts';
import { asciiAddress } from '../lib/email.ts';
import { flattenFields } from '../lib/flatten-fields.ts';
import { toOneLine } from '../lib/plain-text.ts';
import { toContent } from '../lib/to-content.ts';
import { toIso } from '../lib/time.ts';
import type { Mail } from '../platform/mailer.ts';
import type { Notice } from './queries.ts';

/** Characters of a name in a subject, of which inboxes show few. */
const longestName = 80;

/**
 * The mail by which a form's people learn of an entry: all that was typed, in the order of the form. An answer to it goes
 * to the visitor.
 */
export async function leadMail(notice: Notice, to: string): Promise<Mail> {
  const { lead, form } = notice;
  const site = form.siteName ?? form.name;
  const name = shorten(toOneLine(lead.fullName));
  const typed = flattenFields(toContent(notice.payload)).filter(([, value]) => value.trim() !== '');
  const facts = [
    ['Form', form.name],
    ['Received', toIso(notice.createdAt)],
    ...(notice.filenames.length > 0 ? [['Files', notice.filenames.join(', ')]] : []),
    ['Lead', lead.id],
  ];
  // Ours come first: what was typed may look like them.
  const rows = [...facts, ...typed].map(
    ([label = '', value = '']) =>
      html`<dt style="font-weight:bold;margin-top:12px">${label}</dt>
        <dd style="margin:0;white-space:pre-line">${value}</dd>`,
  );
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
      </head>
      <body style="font:16px/1.5 sans-serif;overflow-wrap:anywhere;max-width:640px">
        <h1
          style="font-size:20px;border-left:4px solid ${form.color ?? '#1f5f8b'};padding-left:12px"
        >
          ${name}
        </h1>
        <dl>${rows}</dl>
      </body>
    </html>`;
  return {
    to: asciiAddress(to) ?? to,
    subject: toOneLine(`New lead: ${name} (${site})`),
    text: [
      ...facts.map(([label = '', value = '']) => textLine(label, value)),
      '',
      ...typed.map(([label, value]) => textLine(label, value)),
    ].join('\n'),
    html: page.toString(),
    replyTo: lead.email === null ? null : asciiAddress(lead.email),
    headers: {},
  };
}

function shorten(name: string): string {
  return characters(name) > longestName ? `${firstCharacters(name, longestName)}…` : name;
}

function textLine(label: string, value: string): string {
  return value.includes('\n') ? `${label}:\n${value}` : `${label}: ${value}`;
}

import { html } from 'hono/html';
import { toOneLine } from '../lib/plain-text.ts';
import type { Messages } from '../pages/messages/en.ts';
import type { Mail } from '../platform/mailer.ts';

/** What a confirmation mail is made of. */
export type ConfirmationMail = {
  to: string;
  list: string;
  confirmUrl: string;
  unsubscribeUrl: string;
  messages: Messages['newsletter']['mail'];
  language: string;
};

/** The mail that asks a person whether they meant to sign up. */
export async function confirmationMail(of: ConfirmationMail): Promise<Mail> {
  const { to, confirmUrl, unsubscribeUrl, messages, language } = of;
  const list = toOneLine(of.list);
  const fill = (text: string) =>
    text.replaceAll(/\{(list|email)\}/g, (_, name) => (name === 'list' ? list : to));
  const page = await html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
      </head>
      <body style="font:16px/1.5 sans-serif;overflow-wrap:anywhere;max-width:640px">
        <p>${fill(messages.text)}</p>
        <p>
          <a
            href="${confirmUrl}"
            style="display:inline-block;padding:10px 20px;border-radius:6px;background:#1f5f8b;color:#fff;text-decoration:none"
            >${messages.button}</a
          >
        </p>
        <p><a href="${confirmUrl}">${confirmUrl}</a></p>
        <p>${fill(messages.ignore)}</p>
      </body>
    </html>`;
  return {
    to,
    subject: toOneLine(fill(messages.subject)),
    text: [fill(messages.text), confirmUrl, fill(messages.ignore)].join('\n\n'),
    html: page.toString(),
    replyTo: null,
    // RFC 8058: one click, and no more of it.
    headers: {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  };
}

import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppContext } from '../http/context.ts';
import type { Language } from './messages/languages.ts';
import { styleFor } from './style.ts';

/** A piece of a page, in which everything that came from outside is escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A page of ours. */
export type Page = {
  language: Language;
  title: string;
  /** In whose name it stands, and in which colour; nobody's where that is not known. */
  owner: { name: string; siteName: string | null; color: string | null } | undefined;
  body: Html;
  /** Where a form on it may send to, and be sent on: origins. None means that it has no form. */
  formTargets?: string[];
};

/** Answers with a page for people: no script, and a policy that would not run one. */
export function sendPage(
  c: AppContext,
  page: Page,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  const { language, title, owner, body, formTargets = [] } = page;
  const nonce = crypto.randomUUID();
  const site = owner?.siteName ?? owner?.name;
  c.header('Content-Language', language);
  c.header(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      `style-src 'nonce-${nonce}'`,
      "base-uri 'none'",
      // Chrome asks this of the redirect after a form, too.
      `form-action ${formTargets.join(' ') || "'none'"}`,
      "frame-ancestors 'none'",
    ].join('; '),
  );
  // Under no-referrer, browsers send a form of our own page as one of no page.
  if (formTargets.length > 0) c.header('Referrer-Policy', 'same-origin');
  return c.html(
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>${site === undefined ? title : `${title} – ${site}`}</title>
          <style nonce="${nonce}">
            ${raw(styleFor(owner?.color ?? null))}
          </style>
        </head>
        <body>
          ${site === undefined ? '' : html`<header><p>${site}</p></header>`}
          <main>${body}</main>
        </body>
      </html> `,
    status,
  );
}

import { html } from 'hono/html';
import type { Entry } from '../../gates/gate.ts';
import type { Messages } from '../../../pages/messages/en.ts';
import type { Html } from '../../../pages/send-page.ts';

/** What a visitor is told whose entry was taken. */
export function thanksFor({ kind }: Entry['form'], messages: Messages): [string, string] {
  return kind === 'newsletter' ? messages.newsletter.asked : messages.thanks;
}

/** What a visitor reads whose entry was taken. */
export function thanksBody(
  [title, text]: [string, string],
  messages: Messages,
  backUrl: string | null,
): Html {
  return html`<h1>${title}</h1>
    <p>${text}</p>
    ${backLink(messages, backUrl)}`;
}

/** The link to the site that a visitor came from; nothing where that is not known. */
export function backLink(messages: Messages, backUrl: string | null): Html | '' {
  if (backUrl === null) return '';
  return html`<p>
    <a class="button" href="${backUrl}">${messages.back} ${new URL(backUrl).host}</a>
  </p>`;
}

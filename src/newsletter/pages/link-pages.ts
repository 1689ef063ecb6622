import { html } from 'hono/html';
import type { Messages } from '../../pages/messages/en.ts';
import type { Html } from '../../pages/send-page.ts';
import type { Preference } from '../preferences.ts';

type Words = Messages['newsletter'];
type About = { list: string; email: string };

/** A question with one button. Only pressing it does something: programs follow links, and press nothing. */
export function questionBody({ title, text, button }: Words['confirm'], about: About): Html {
  return html`<h1>${title}</h1>
    <p>${fill(text, about)}</p>
    <form method="post"><button class="button">${button}</button></form>`;
}

/** What became of it. */
export function resultBody(
  [title, text]: [string, string],
  about: About,
  more: Html | '' = '',
): Html {
  return html`<h1>${title}</h1>
    <p>${fill(text, about)}</p>
    ${more}`;
}

/** A link to the person's other subscriptions. */
export function preferencesLink({ manage }: Words, url: string): Html {
  return html`<p><a href="${url}">${manage}</a></p>`;
}

/** Every list that a person is on or may join, to be ticked. */
export function preferencesBody(
  { preferences: words }: Words,
  email: string,
  preferences: Preference[],
  saved: boolean,
): Html {
  const boxes = preferences.map(
    ({ list, isOn, mayJoin }) =>
      html`<p class="choice">
        <input type="hidden" name="shown" value="${list.id}" />
        <label
          ><input
            type="checkbox"
            name="list"
            value="${list.id}"
            ${isOn ? 'checked' : ''}
            ${isOn || mayJoin ? '' : 'disabled'}
          />
          ${list.name}</label
        >
        ${list.description ?? ''}
      </p>`,
  );
  return html`<h1>${words.title}</h1>
    ${saved ? html`<p role="status">${words.saved}</p>` : ''}
    <p>${fill(words.text, { list: '', email })}</p>
    <form method="post">${boxes}<button class="button">${words.button}</button></form>`;
}

function fill(text: string, { list, email }: About): string {
  return text.replaceAll(/\{(list|email)\}/g, (_, name) => (name === 'list' ? list : email));
}

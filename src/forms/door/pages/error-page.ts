import { html } from 'hono/html';
import type { InputMistake, Refusal } from '../refusal.ts';
import type { Messages } from '../../../pages/messages/en.ts';
import type { Html } from '../../../pages/send-page.ts';
import { backLink } from './thanks-page.ts';

/** A form that sends an entry again: what was wrong to be mended, the rest as it was. */
export type SecondTry = {
  action: string;
  /** The origins where it may send to and be sent on to, as a content security policy says it. */
  targets: string[];
  /** What was typed into the inputs that are wrong, in the order of the mistakes. */
  typed: string[];
  kept: [name: string, value: string][];
  fileInputs: string[];
};

/** What a visitor reads whose entry was not taken, and the form to mend it where that can help. */
export function errorBody(
  refusal: Refusal,
  messages: Messages,
  {
    secondTry,
    backUrl,
    sent,
  }: { secondTry: SecondTry | null; backUrl: string | null; sent: boolean },
): Html {
  const { title, text, mistakes } = refusal;
  const item = (mistake: InputMistake, index: number) => {
    const said = html`${nameOf(mistake, messages)} – ${mistake.message}`;
    return html`<li>
      ${secondTry === null ? said : html`<a href="#input-${index}">${said}</a>`}
    </li>`;
  };
  return html`<div role="alert">
      <h1>${title}</h1>
      <p>${text}</p>
      ${
        mistakes.length === 0
          ? ''
          : html`<ul>
              ${mistakes.map(item)}
            </ul>`
      }
    </div>
    ${secondTry === null ? '' : secondForm(secondTry, mistakes, messages)}
    ${secondTry === null ? backLink(messages, backUrl) : ''}
    ${sent ? html`<p>${messages.kept}</p>` : ''}`;
}

function secondForm(again: SecondTry, mistakes: InputMistake[], messages: Messages): Html {
  const { action, typed, kept, fileInputs } = again;
  const encoding =
    fileInputs.length > 0 ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  const inputs = mistakes.map((mistake, index) => {
    const isFile = fileInputs.includes(mistake.field);
    const value = isFile ? null : (typed[index] ?? '');
    return html`<label for="input-${index}">${nameOf(mistake, messages)}</label>
      ${inputFor(mistake, index, value)}
      <p class="bad" id="mistake-${index}">${mistake.message}</p> `;
  });
  const others = fileInputs.filter((name) => mistakes.every(({ field }) => field !== name));
  const files = others.map(
    (name, index) =>
      html`<label for="file-${index}">${readable(name)}</label>
        <input type="file" multiple id="file-${index}" name="${name}" /> `,
  );
  return html`<form
    method="post"
    action="${action}"
    enctype="${encoding}"
    accept-charset="utf-8"
    novalidate
  >
    ${kept.map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" /> `,
    )}${inputs}${fileInputs.length === 0 ? '' : html`<p>${messages.files}</p>`}${files}<button
      class="button"
    >
      ${messages.again}
    </button>
  </form>`;
}

/** The keyboard and the suggestions that an input wants. */
const kinds = {
  full_name: ['text', 'name'],
  email: ['email', 'email'],
  phone_number: ['tel', 'tel'],
  company_name: ['text', 'organization'],
  position: ['text', 'organization-title'],
} as const;

function inputFor({ field, label }: InputMistake, index: number, value: string | null): Html {
  const common = html`id="input-${index}" name="${field}" aria-invalid="true"
  aria-describedby="mistake-${index}"`;
  if (value === null) return html`<input type="file" multiple ${common} />`;
  // HTML drops the first line break in a textarea.
  if (label === 'notes') return html`<textarea ${common}>${'\n'}${value}</textarea>`;
  const [type, autocomplete] = label === null ? ['text', 'on'] : kinds[label];
  return html`<input type="${type}" autocomplete="${autocomplete}" ${common} value="${value}" />`;
}

function nameOf({ field, label }: InputMistake, messages: Messages): string {
  return label === null ? readable(field) : messages.labels[label];
}

/** `your_budget[]` is Your budget. */
function readable(name: string): string {
  const words = name.replaceAll(/[_[\].-]+/g, ' ').trim() || name;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

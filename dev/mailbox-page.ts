import type { InboxMail } from './inbox.ts';

/** The page of a mailbox, newest first. It holds no script and no form. */
export function mailboxPage(mails: InboxMail[]): string {
  const list = mails.map(
    (mail) => `<article><h2>${escape(mail.subject)}</h2>
<p class="meta">to ${escape(mail.to)}, ${escape(mail.at)}${
      mail.html === '' ? '' : `, <a href="/emails/${mail.id}">as HTML</a>`
    }</p><pre>${linked(mail.text)}</pre></article>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Mailbox</title><style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 0 }
article { border: 1px solid #8886; border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
.meta { margin: 0; opacity: .75; font-size: .9rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .75rem 0 0 }
</style></head><body><main><h1>Mailbox</h1>
${list.join('\n') || '<p>No mail yet. What this stack sends is shown here and goes nowhere else.</p>'}
</main></body></html>`;
}

/** The text with its addresses as links: what is not theirs, such as the full stop after one, is left out of them. */
function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/)
    .map((part, at) =>
      at % 2 === 1 ? `<a href="${escape(part)}">${escape(part)}</a>` : escape(part),
    )
    .join('');
}

function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}

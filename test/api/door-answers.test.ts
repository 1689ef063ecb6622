import { describe, it } from 'vitest';
import { call, makeBareForm } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';

// The notes on form services name these: `fetch` and XMLHttpRequest as libraries set them, and browsers old and new.
const bodies = ['json', 'urlencoded', 'multipart'] as const;
const accepts = {
  none: undefined,
  anything: '*/*',
  json: 'application/json',
  textJson: 'text/json',
  problem: 'application/problem+json',
  axios: 'application/json, text/plain, */*',
  html: 'text/html',
  browser: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  both: 'text/html, application/json',
} as const;
const modes = ['none', 'navigate', 'cors', 'same-origin', 'no-cors'] as const;
const requesters = ['none', 'XMLHttpRequest'] as const;

type Body = (typeof bodies)[number];
type Accept = keyof typeof accepts;
type Mode = (typeof modes)[number];
type Requester = (typeof requesters)[number];
type Answer = 'json' | 'redirect' | 'page';
type Rule = { by?: Requester; accept?: Accept[]; mode?: Mode[]; body?: Body[]; answer: Answer };

const namesJson: Accept[] = ['json', 'textJson', 'problem', 'axios', 'both'];
const namesHtml: Accept[] = ['html', 'browser'];
const namesNeither: Accept[] = ['none', 'anything'];
const scripts: Mode[] = ['cors', 'same-origin', 'no-cors'];
const forms: Body[] = ['urlencoded', 'multipart'];

/** What each kind of sender has to get. Of two rows that hold, the upper one counts; what is left out may be anything. */
const rules: Rule[] = [
  { by: 'XMLHttpRequest', answer: 'json' },
  { accept: namesJson, answer: 'json' },
  { mode: ['navigate'], answer: 'redirect' },
  { mode: scripts, accept: namesNeither, answer: 'json' },
  { mode: scripts, accept: namesHtml, answer: 'page' },
  { mode: ['none'], body: ['json'], accept: namesNeither, answer: 'json' },
  { mode: ['none'], body: ['json'], accept: namesHtml, answer: 'page' },
  { mode: ['none'], body: forms, accept: ['none', ...namesHtml], answer: 'redirect' },
  // `fetch` of browsers before Sec-Fetch-Mode; none of them navigates without asking for HTML.
  { mode: ['none'], body: forms, accept: ['anything'], answer: 'json' },
];

type Sender = { by: Requester; accept: Accept; mode: Mode; body: Body };

function expectedFor(sender: Sender): Answer {
  const row = rules.find(
    (rule) =>
      (rule.by ?? sender.by) === sender.by &&
      (rule.accept?.includes(sender.accept) ?? true) &&
      (rule.mode?.includes(sender.mode) ?? true) &&
      (rule.body?.includes(sender.body) ?? true),
  );
  if (row === undefined) throw new Error(`No row for ${JSON.stringify(sender)}`);
  return row.answer;
}

/** Everybody who may be a script; that they are never sent elsewhere is the rule above all others. */
function mayBeScript({ by, accept, mode, body }: Sender): boolean {
  if (by !== 'none' || scripts.includes(mode) || namesJson.includes(accept)) return true;
  return mode === 'none' && (body === 'json' || accept === 'anything');
}

function send(id: string, { by, accept, mode, body }: Sender, fields: Record<string, string>) {
  const headers = {
    ...(accepts[accept] === undefined ? {} : { Accept: accepts[accept] }),
    ...(mode === 'none' ? {} : { 'Sec-Fetch-Mode': mode }),
    ...(by === 'none' ? {} : { 'X-Requested-With': by }),
    Origin: 'https://shop.example',
  };
  if (body === 'json') return call(`/f/${id}`, { headers, json: fields });
  const sent = body === 'urlencoded' ? new URLSearchParams() : new FormData();
  for (const [name, value] of Object.entries(fields)) sent.append(name, value);
  return call(`/f/${id}`, { headers, body: sent });
}

const mediaType = (response: Response) => response.headers.get('Content-Type')?.split(';')[0];

for (const body of bodies) {
  for (const by of requesters) {
    const senders = modes.flatMap((mode) =>
      (Object.keys(accepts) as Accept[]).map((accept): Sender => ({ by, accept, mode, body })),
    );
    describe(`${body}, requested with ${by}`, () => {
      it.for(modes)('is answered as its sender can use, in mode %s', async (mode, { expect }) => {
        const id = await makeBareForm();
        const { full_name, email } = makePerson();
        for (const sender of senders.filter((one) => one.mode === mode)) {
          const wanted = expectedFor(sender);
          const taken = await send(id, sender, { name: full_name, email });
          const seen = { ...sender, status: taken.status, type: mediaType(taken) };
          const status = wanted === 'redirect' ? 303 : 200;
          const type = { json: 'application/json', page: 'text/html', redirect: undefined }[wanted];
          expect(seen).toEqual({ ...sender, status, type });
          expect(taken.headers.get('Vary')).toContain('Accept, Origin');
          expect(taken.headers.get('Access-Control-Allow-Origin')).toBe('https://shop.example');
          if (mayBeScript(sender)) expect(taken.headers.get('Location')).toBeNull();
        }
      });

      it.for(modes)('is refused as its sender can use, in mode %s', async (mode, { expect }) => {
        const id = await makeBareForm({ error_url: 'https://shop.example/sorry' });
        for (const sender of senders.filter((one) => one.mode === mode)) {
          const wanted = expectedFor(sender);
          const refused = await send(id, sender, { name: 'Nobody', email: 'no address' });
          const seen = { ...sender, status: refused.status, type: mediaType(refused) };
          const json =
            sender.accept === 'problem' ? 'application/problem+json' : 'application/json';
          const type = { json, page: 'text/html', redirect: undefined }[wanted];
          expect(seen).toEqual({ ...sender, status: wanted === 'redirect' ? 303 : 422, type });
          expect(refused.headers.get('Vary')).toContain('Accept, Origin');
          expect(refused.headers.get('Access-Control-Allow-Origin')).toBe('https://shop.example');
          if (mayBeScript(sender)) expect(refused.headers.get('Location')).toBeNull();
        }
      });
    });
  }
}

import { sql } from 'drizzle-orm';
import { describe, it, vi } from 'vitest';
import { asMultipart, filePart, textPart } from '../support/form-bodies.ts';
import {
  call,
  callWith,
  makeBareForm,
  operator,
  randomIp,
  startWorker,
} from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { makeFileForm, sendFiles } from './entries.ts';

const mebibyte = 1_048_576;
const asScript = { Accept: 'application/json' };
const asBrowser = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' };

/** A form with a file that never ends, in pieces of 64 KiB, and how many bytes of it were asked for. */
function endless(): { body: ReadableStream<Uint8Array>; headers: object; read: () => number } {
  const { body, headers } = asMultipart([textPart('name', 'Ada'), filePart('f', 'f.png', '')], '');
  const start = body as Uint8Array;
  let read = 0;
  const source: UnderlyingSource<Uint8Array> = {
    pull(controller) {
      // The line break before the boundary would end the file.
      const piece = read === 0 ? start.slice(0, -2) : new Uint8Array(65_536);
      read += piece.length;
      controller.enqueue(piece);
    },
  };
  return { body: new ReadableStream(source, { highWaterMark: 0 }), headers, read: () => read };
}

/** An entry with a file that arrives when it may. */
function stuck() {
  const sent = asMultipart([textPart('name', 'Ada'), filePart('f', 'f.pdf', '')]);
  const gate = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      await gate.promise;
      controller.enqueue(sent.body as Uint8Array);
      controller.close();
    },
  });
  return { sent: { body, headers: { ...sent.headers, ...asScript } }, go: gate.resolve };
}

describe('an entry that is too large for its form', () => {
  it('is read no further than the form may take, and both people and programs learn the limit', async ({
    expect,
  }) => {
    const uploads = { max_files: 2, max_bytes: 10 * mebibyte, kinds: ['avatar' as const] };
    const form = await makeBareForm({ uploads });
    const { body, headers, read } = endless();
    const answer = await callWith({}, `/f/${form}`, { body, headers: { ...headers, ...asScript } });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      code: 'FILES_TOO_BIG',
      message: expect.stringContaining('5 MB'),
      detail: expect.stringContaining(String(5 * mebibyte)),
    });
    expect(read()).toBeGreaterThan(5 * mebibyte);
    expect(read()).toBeLessThan(5 * mebibyte + 2 * 65_536);
    const announced = asMultipart([filePart('f', 'f.png', new Uint8Array(6 * mebibyte))]);
    const page = await call(`/f/${form}`, {
      body: announced.body,
      headers: { ...announced.headers, ...asBrowser, 'Accept-Language': 'de' },
    });
    expect(page.status).toBe(413);
    expect(await page.text()).toContain('zusammen 5 MB');
  });

  it('is read for its texts alone where only the body names the form', async ({ expect }) => {
    const form = await makeFileForm();
    const { body, headers, read } = endless();
    const sent = { body, headers: { ...headers, ...asScript } };
    const answer = await callWith({}, '/submit', sent);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE' });
    expect(read()).toBeLessThan(mebibyte);
    const { full_name, email } = makePerson();
    const texts = new URLSearchParams({ name: full_name, email, access_key: form });
    expect((await call('/submit', { body: texts, headers: asScript })).status).toBe(200);
  });
});

describe('an entry that may hold files', () => {
  it('is counted before any of it is read', async ({ expect }) => {
    const form = await makeFileForm({ rate_limit: '1/1h' });
    const ip = randomIp();
    const { full_name, email } = makePerson();
    const first = asMultipart([textPart('name', full_name), textPart('email', email)]);
    const options = { ip, body: first.body, headers: { ...first.headers, ...asScript } };
    const taken = await call(`/f/${form}`, options);
    expect(taken.status).toBe(200);
    expect(taken.headers.get('RateLimit')).toMatch(/^"intake";r=0;/);
    const { body, headers, read } = endless();
    const sent = { ip, body, headers: { ...headers, ...asScript } };
    const refused = await callWith({}, `/f/${form}`, sent);
    expect(refused.status).toBe(429);
    expect(read()).toBe(0);
  });

  it('is not counted for what it says', async ({ expect }) => {
    const form = await makeFileForm({ rate_limit: '100/1h' });
    const notes = 'I would like to know what all of this costs, and when I can have it.';
    let id = '';
    for (let n = 0; n < 12; n += 1) {
      const answer = await sendFiles(form, [], { fields: { ...makePerson(), notes } });
      ({ id } = await answer.json<{ id: string }>());
    }
    const query = sql`SELECT verdict FROM submissions WHERE id = ${id}`;
    expect(await rowsOf(operator, query)).toEqual([{ verdict: 'accepted' }]);
  });

  it(
    'waits where others take up the memory, and says so in every way',
    { timeout: 20_000 },
    async ({ expect }) => {
      const uploads = { max_files: 10, max_bytes: 10 * mebibyte, kinds: ['document' as const] };
      const form = await makeBareForm({ uploads });
      const by = startWorker({});
      const held = [stuck(), stuck()];
      const first = held.map(({ sent }) => by(`/f/${form}`, sent));
      const crowd = await vi.waitUntil(async () => {
        const small = asMultipart([textPart('name', 'Ada'), filePart('f', 'f.pdf', '')]);
        const answer = await by(`/f/${form}`, {
          body: small.body,
          headers: { ...small.headers, ...asScript },
        });
        return answer.status === 503 ? answer : null;
      }, 10_000);
      expect(crowd.headers.get('Retry-After')).toBe('5');
      expect(await crowd.json()).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
      for (const { go } of held) go();
      expect((await Promise.all(first)).map(({ status }) => status)).toEqual([422, 422]);
    },
  );
});

import { describe, inject, it, vi } from 'vitest';
import { makeToken } from '../support/captcha-tokens.ts';
import { call, makeBareForm, makeForm, makeSecretKey, startWorker } from '../support/harness.ts';
import { staticFiles, watchAssets } from '../support/assets.ts';
import { bucket, bucketWith } from '../support/buckets.ts';
import { makePerson } from '../support/people.ts';
import { makePdf } from '../support/sample-files.ts';
import { makeFileForm, sendFiles, type Sent } from './entries.ts';

const { UPSTASH_REDIS_REST_URL: redisUrl = '', TURSO_DATABASE_URL: databaseUrl = '' } =
  inject('bindings');

/** What the Worker fetches while it works, by whom it asks. The work may look at what it was so far. */
async function countHops(
  work: (soFar: () => Record<string, number>) => Promise<unknown>,
): Promise<Record<string, number>> {
  const fetched = vi.spyOn(globalThis, 'fetch');
  const soFar = () => {
    const hops = { redis: 0, database: 0, others: 0 };
    for (const [input] of fetched.mock.calls) {
      const url = input instanceof Request ? input.url : String(input);
      if (url.startsWith(redisUrl)) hops.redis += 1;
      else if (url.startsWith(databaseUrl)) hops.database += 1;
      else hops.others += 1;
    }
    return hops;
  };
  try {
    await work(soFar);
    return soFar();
  } finally {
    fetched.mockRestore();
  }
}

describe('what a request costs', () => {
  for (const kind of ['publishable', 'secret'] as const) {
    it(`a lead under a warm ${kind} key: one call to Redis, one to the database`, async ({
      expect,
    }) => {
      const { key } = kind === 'secret' ? await makeSecretKey() : await makeForm();
      const capture = () => call('/v1/leads', { key, json: makePerson() });
      await capture();
      const hops = await countHops(async () => expect((await capture()).status).toBe(201));
      expect(hops).toEqual({ redis: 1, database: 1, others: 0 });
    });
  }

  it('a lead with an idempotency key costs no more', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const capture = (word: string) =>
      call('/v1/leads', { key, json: makePerson(), headers: { 'Idempotency-Key': word } });
    await capture('first');
    const hops = await countHops(async () => expect((await capture('second')).status).toBe(201));
    expect(hops).toEqual({ redis: 1, database: 1, others: 0 });
  });

  it('an entry at the door of a warm form, its address looked up in the list: no more', async ({
    expect,
  }) => {
    const formId = await makeBareForm();
    const send = () => call(`/f/${formId}`, { json: makePerson() });
    await send();
    const hops = await countHops(async () => expect((await send()).status).toBe(200));
    expect(hops).toEqual({ redis: 1, database: 1, others: 0 });
  });

  it('an entry in a language that nobody spoke yet: no more, its file is read meanwhile', async ({
    expect,
  }) => {
    const formId = await makeBareForm({ disposable_emails: 'accept' });
    const redisAsked = Promise.withResolvers<void>();
    const { asked, ASSETS } = watchAssets(async (address, init) => {
      await redisAsked.promise;
      return staticFiles.fetch(address, init);
    });
    const by = startWorker({ ASSETS });
    const send = (language: string) =>
      by(`/f/${formId}`, { json: makePerson(), headers: { 'Accept-Language': language } });
    await send('en');
    expect(asked).toEqual([]);
    const hops = await countHops(async (soFar) => {
      const answered = send('de');
      // Were the file waited for first, this would never come; were it read later, nobody would have asked for it yet.
      await vi.waitUntil(() => soFar()['redis'] === 1, { interval: 1 });
      expect(asked).toEqual(['/messages/de.json']);
      redisAsked.resolve();
      const answer = await answered;
      expect(await answer.json()).toMatchObject({ title: 'Vielen Dank!' });
    });
    expect(hops).toEqual({ redis: 1, database: 1, others: 0 });
  });

  it('an entry with a captcha: one call more, to its provider', async ({ expect }) => {
    const provider = 'turnstile';
    const captcha = { provider, site_key: 'site', action: null, on_outage: 'refuse' } as const;
    const formId = await makeBareForm({ captcha });
    const send = () => {
      const token = makeToken({ provider, hostname: 'www.acme.alt' });
      return call(`/f/${formId}`, { json: { ...makePerson(), 'cf-turnstile-response': token } });
    };
    await send();
    const hops = await countHops(async () => expect((await send()).status).toBe(200));
    expect(hops).toEqual({ redis: 1, database: 1, others: 1 });
  });

  it('an entry with files: one hop more, in which all of them are stored at once', async ({
    expect,
  }) => {
    const files: Sent[] = ['a', 'b', 'c'].map((name) => [name, `${name}.pdf`, makePdf()]);
    const formId = await makeFileForm();
    let [running, atOnce, calls] = [0, 0, 0];
    const put = (async (id: string, bytes: Uint8Array) => {
      calls += 1;
      running += 1;
      atOnce = Math.max(atOnce, running);
      const object = await bucket.put(id, bytes);
      running -= 1;
      return object;
    }) as typeof bucket.put;
    const send = startWorker({ FILES: bucketWith({ put }) });
    await sendFiles(formId, [], { send });
    expect(calls).toBe(0);
    const hops = await countHops(async () =>
      expect((await sendFiles(formId, files, { send })).status).toBe(200),
    );
    expect(hops).toEqual({ redis: 1, database: 1, others: 0 });
    expect({ calls, atOnce, running }).toEqual({ calls: 3, atOnce: 3, running: 0 });
  });

  it('a key with a wrong checksum: no call to the database', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const wrong = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    const hops = await countHops(async () =>
      expect((await call('/v1/leads', { key: wrong })).status).toBe(401),
    );
    expect(hops).toEqual({ redis: 1, database: 0, others: 0 });
  });

  it('a page of leads under a warm key: one call to Redis, one to the database', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    await call('/v1/leads', { key });
    const hops = await countHops(async () =>
      expect((await call('/v1/leads', { key })).status).toBe(200),
    );
    expect(hops).toEqual({ redis: 1, database: 1, others: 0 });
  });
});

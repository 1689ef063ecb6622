import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { sha256 } from '../../src/lib/hashing.ts';
import { faulty } from '../support/faults.ts';
import { call, callWith, makeForm, makeSecretKey, operator, randomIp } from '../support/harness.ts';
import { mailsOnce } from '../support/mails.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, expectSecurityHeaders, refusedFields } from './answers.ts';
import { hashOf, makeList, makeUsedKey, readList, runSql, suppress } from './data.ts';

type Subscription = { state: string; created_at: number; updated_at: number };

const subscriptionsOf = (email: string, listId: string) =>
  rowsOf<Subscription>(
    operator,
    sql`SELECT state, subscriptions.created_at, subscriptions.updated_at FROM subscriptions
      JOIN subscribers ON id = subscriber_id WHERE email = ${email} AND list_id = ${listId}`,
  );

const consentsOf = (email: string) =>
  rowsOf<Record<string, unknown>>(
    operator,
    sql`SELECT consents.* FROM consents
      JOIN subscribers ON subscribers.id = subscriber_id WHERE email = ${email} ORDER BY at`,
  );

/** So many attributes with the same value. */
function numbered(count: number, value: unknown): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, value]));
}

describe('POST /v1/subscribers', () => {
  it('gives the same answer for an address that is new, known or unsubscribed', async ({
    expect,
  }) => {
    const { key } = await makeForm();
    const list_id = await makeList();
    const [known, left, fresh] = [makePerson(), makePerson(), makePerson()];
    for (const { email } of [known, left])
      await call('/v1/subscribers', { key, json: { email, list_id } });
    await runSql(sql`UPDATE subscriptions SET state = 'unsubscribed' WHERE list_id = ${list_id}
      AND subscriber_id = (SELECT id FROM subscribers WHERE email = ${left.email})`);

    for (const { email } of [fresh, known, left]) {
      const response = await call('/v1/subscribers', { key, json: { email, list_id } });
      expect(response.status).toBe(202);
      expect(await response.text()).toBe('{"status":"pending"}');
      expect(response.headers.get('Location')).toBeNull();
      expectSecurityHeaders(expect, response);
    }
  });

  it.for(['deleted', 'erased'])(
    'gives it again, under its Idempotency-Key, where the address was %s meanwhile',
    async (how, { expect }) => {
      const [{ key: secret }, { key }] = [await makeSecretKey(), await makeForm()];
      const list_id = await makeList();
      const [fresh, known] = [makePerson(), makePerson()];
      await call('/v1/subscribers', { key: secret, json: { email: known.email, list_id } });
      for (const { email } of [fresh, known]) {
        const headers = { 'Idempotency-Key': randomWord() };
        const ask = () => call('/v1/subscribers', { key, json: { email, list_id }, headers });
        const first = await ask();
        if (how === 'erased') {
          await call('/v1/subjects/erase', { key: secret, json: { email } });
        } else {
          const { data } = await readList<{ id: string }>('/v1/subscribers', secret, { email });
          const path = `/v1/subscribers/${data[0]?.id}`;
          expect((await call(path, { method: 'DELETE', key: secret })).status).toBe(204);
        }
        const again = await ask();
        expect([first.status, again.status, await again.text()]).toEqual([
          ...[202, 202, '{"status":"pending"}'],
        ]);
        expect(again.headers.get('Idempotency-Replayed')).toBe('true');
      }
    },
  );

  it('stores a pending subscription with the evidence of consent', async ({ expect }) => {
    const { id: keyId, formId, key } = await makeForm();
    const { email, full_name } = makePerson();
    const [list_id, startedAt] = [await makeList(), Date.now()];
    const consent = { text: 'Send me news.', version: '2026-11', page: 'https://shop.example/' };
    const headers = { 'User-Agent': 'Browser of a test' };
    const json = { email, full_name, list_id, consent };
    await call('/v1/subscribers', { key, json, headers, ip: '203.0.113.9' });

    const [subscription] = await subscriptionsOf(email, list_id);
    expect(subscription).toMatchObject({ state: 'pending' });
    expect(await consentsOf(email)).toEqual([
      {
        id: expect.stringMatching(/^cns_/),
        subscriber_id: expect.stringMatching(/^sbr_/),
        list_id,
        action: 'requested',
        text: consent.text,
        text_version: consent.version,
        page: consent.page,
        ip_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        user_agent: 'Browser of a test',
        form_id: formId,
        actor: keyId,
        at: subscription?.created_at,
        ip_network: '203.0.113.0/24',
        text_hash: await sha256(consent.text),
        confirmation_id: expect.stringMatching(/^cnf_/),
        subject_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(subscription?.created_at).toBeGreaterThanOrEqual(startedAt);
  });

  it('joins the first list when it names none', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { email } = makePerson();
    expect((await call('/v1/subscribers', { key, json: { email } })).status).toBe(202);
    expect(await subscriptionsOf(email, 'list_newsletter')).toHaveLength(1);
  });

  it('notes the hash of the address it came from, the same for the same network', async ({
    expect,
  }) => {
    const { key } = await makeForm();
    const ip = randomIp();
    const hashes: unknown[] = [];
    for (const from of [ip, ip.replace('::1', '::2'), randomIp()]) {
      const { email } = makePerson();
      await call('/v1/subscribers', { key, ip: from, json: { email } });
      hashes.push(...(await consentsOf(email)).map((consent) => consent['ip_hash']));
    }
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  for (const state of ['active', 'unsubscribed', 'bounced', 'complained']) {
    it(`leaves a subscription that is ${state} as it is, and asks again where that may change`, async ({
      expect,
    }) => {
      const { key } = await makeForm();
      const { email } = makePerson();
      const list_id = await makeList();
      const signUp = () => call('/v1/subscribers', { key, json: { email, list_id } });
      await signUp();
      await runSql(sql`UPDATE subscriptions SET state = ${state}, updated_at = 7
        WHERE list_id = ${list_id}`);
      await runSql(sql`UPDATE confirmations SET created_at = 0 WHERE list_id = ${list_id}`);
      const before = await subscriptionsOf(email, list_id);
      await signUp();
      expect(await subscriptionsOf(email, list_id)).toEqual(before);
      expect(before).toMatchObject([{ state, updated_at: 7 }]);
      const asksAgain = ['unsubscribed', 'bounced'].includes(state);
      expect(await consentsOf(email)).toHaveLength(asksAgain ? 2 : 1);
    });
  }

  it('knows one person by one address, however it is written', async ({ expect }) => {
    const { key } = await makeForm();
    const { email, full_name } = makePerson();
    const list_id = await makeList();
    await call('/v1/subscribers', { key, json: { email, full_name, list_id } });
    const json = { email: ` ${email.toUpperCase()} `, full_name: 'Somebody Else', list_id };
    expect((await call('/v1/subscribers', { key, json })).status).toBe(202);
    const rows = await rowsOf(
      operator,
      sql`SELECT email, full_name FROM subscribers
        JOIN subscriptions ON subscriber_id = id WHERE list_id = ${list_id}`,
    );
    expect(rows).toEqual([{ email, full_name }]);
  });

  it('tells a secret key what came of it, and a repeat the same', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [double, single] = [await makeList(), await makeList()];
    await runSql(sql`UPDATE lists SET opt_in = 'single' WHERE id = ${single}`);
    const { email } = makePerson();
    const signUp = async (list_id: string, word?: string) => {
      const headers: Record<string, string> = word === undefined ? {} : { 'Idempotency-Key': word };
      const response = await call('/v1/subscribers', { key, json: { email, list_id }, headers });
      expect(response.status).toBe(202);
      const answer = await response.json<{ id: string; status: string }>();
      return { replayed: response.headers.has('Idempotency-Replayed'), ...answer };
    };
    const word = randomWord();
    const first = await signUp(double, word);
    const id = expect.stringMatching(/^sbr_/);
    expect(first).toEqual({ replayed: false, id, status: 'pending' });
    const own = { replayed: false, id: first.id };
    expect(await signUp(single, `${word}2`)).toEqual({ ...own, status: 'active' });
    await runSql(sql`UPDATE subscriptions SET state = 'unsubscribed' WHERE list_id = ${single}`);
    expect(await signUp(single)).toEqual({ ...own, status: 'unsubscribed' });
    expect(await signUp(double, word)).toEqual({ ...first, replayed: true });
    expect(await signUp(single, `${word}2`)).toEqual({ ...own, replayed: true, status: 'active' });
  });

  it('tells it where the answer of the database was lost', async ({ expect }) => {
    const key = await makeUsedKey();
    const { email } = makePerson();
    for (const headers of [{ 'Idempotency-Key': randomWord() }, {}]) {
      const database = faulty('database', 'write-lost-answer');
      const list_id = await makeList();
      const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
      const sent = { key, json: { email, list_id }, headers };
      const response = await callWith(bindings, '/v1/subscribers', sent);
      const body = { id: expect.stringMatching(/^sbr_/), status: 'pending' };
      expect([response.status, await response.json()]).toEqual([202, body]);
      expect(await consentsOf(email)).toHaveLength(1);
      await runSql(sql`DELETE FROM subscribers WHERE email = ${email}`);
    }
  });

  it('writes tags and attributes for somebody new alone, once each', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { email } = makePerson();
    const attributes = { city: 'Wien', 'orders.count': 2.5, vip: true, empty: '' };
    const json = { email, tags: [' b ', 'a', 'b'], attributes };
    await call('/v1/subscribers', { key, json });
    const other = { email, tags: ['c'], attributes: { city: 'Graz' } };
    await call('/v1/subscribers', { key, json: other });
    const rows = await rowsOf<{ tags: string; attributes: string }>(
      operator,
      sql`SELECT tags, attributes FROM subscribers WHERE email = ${email}`,
    );
    const stored = rows.map((row) => [JSON.parse(row.tags), JSON.parse(row.attributes)]);
    expect(stored).toEqual([[['b', 'a'], attributes]]);
  });

  it('takes neither from a publishable key', async ({ expect }) => {
    const { key } = await makeForm();
    const json = { email: makePerson().email, tags: [], attributes: {} };
    const response = await call('/v1/subscribers', { key, json });
    expect(await refusedFields(expect, response)).toEqual({
      tags: 'unknown_field',
      attributes: 'unknown_field',
    });
  });

  for (const reason of ['complained', 'bounced', 'erased', 'blocked'] as const) {
    it(`is refused to a secret key where the address has ${reason}, and to no form`, async ({
      expect,
    }) => {
      const [secret, form] = [await makeSecretKey(), await makeForm()];
      const [list_id, other] = [await makeList(), await makeList()];
      for (const everywhere of [true, false]) {
        const { email } = makePerson();
        await suppress(email, reason, everywhere ? '' : list_id);
        const word = { 'Idempotency-Key': randomWord() };
        const sent = { key: secret.key, json: { email, list_id }, headers: word };
        const refused = await call('/v1/subscribers', sent);
        await expectProblem(expect, refused, 409, 'suppressed');
        const asked = await call('/v1/subscribers', { ...sent, key: form.key });
        expect([asked.status, await asked.text()]).toEqual([202, '{"status":"pending"}']);
        expect(await subscriptionsOf(email, list_id)).toEqual([]);
        const elsewhere = { ...sent, json: { email, list_id: other }, headers: {} };
        expect((await call('/v1/subscribers', elsewhere)).status).toBe(everywhere ? 409 : 202);
        await runSql(sql`DELETE FROM suppressions WHERE reason = ${reason}
          AND subject_hash = ${await hashOf(email)}`);
        expect((await call('/v1/subscribers', sent)).status).toBe(202);
      }
    });
  }

  for (const place of ['the list', 'all lists']) {
    it(`puts nobody on a list at once who has left ${place}, though all else is forgotten`, async ({
      expect,
    }) => {
      const { key } = await makeSecretKey();
      const list_id = await makeList();
      await runSql(sql`UPDATE lists SET opt_in = 'single' WHERE id = ${list_id}`);
      const { email } = makePerson();
      await suppress(email, 'unsubscribed', place === 'the list' ? list_id : '');
      const response = await call('/v1/subscribers', { key, json: { email, list_id } });
      expect(await response.json()).toMatchObject({ status: 'pending' });
      expect(await subscriptionsOf(email, list_id)).toMatchObject([{ state: 'pending' }]);
      await mailsOnce(expect, email);
    });
  }

  const refusedWords: [name: string, body: Record<string, unknown>, error: string[]][] = [
    ['a long tag', { tags: ['x'.repeat(51)] }, ['tags.0', 'too_long']],
    ['an empty tag', { tags: ['a', ' '] }, ['tags.1', 'too_short']],
    ['many tags', { tags: Array.from({ length: 51 }, String) }, ['tags', 'too_big']],
    ['a list for an attribute', { attributes: { a: [] } }, ['attributes.a', 'invalid_attribute']],
    ['null for one', { attributes: { a: null } }, ['attributes.a', 'invalid_attribute']],
    ['a long one', { attributes: { a: 'x'.repeat(501) } }, ['attributes.a', 'invalid_attribute']],
    ['another name', { attributes: { 'a b': 1 } }, ['attributes.a b', 'invalid_name']],
    [
      'a long name',
      { attributes: { ['a'.repeat(51)]: 1 } },
      [`attributes.${'a'.repeat(51)}`, 'invalid_name'],
    ],
    ['a list for all of them', { attributes: [] }, ['attributes', 'invalid_type']],
    ['null for them', { attributes: null }, ['attributes', 'invalid_type']],
    ['many of them', { attributes: numbered(51, 1) }, ['attributes', 'too_big']],
    ['much in them', { attributes: numbered(17, 'x'.repeat(490)) }, ['attributes', 'too_big']],
  ];
  it.for(refusedWords)('refuses %s', async ([, words, [field = '', code]], { expect }) => {
    const { key } = await makeSecretKey();
    const json = { email: makePerson().email, ...words };
    const response = await call('/v1/subscribers', { key, json });
    expect(await refusedFields(expect, response)).toEqual({ [field]: code });
  });

  it('refuses a number that is none', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const body = `{"email":"${makePerson().email}","attributes":{"a":1e999}}`;
    const headers = { 'Content-Type': 'application/json' };
    const response = await call('/v1/subscribers', { key, body, headers });
    expect(await refusedFields(expect, response)).toEqual({ 'attributes.a': 'invalid_attribute' });
  });

  const refused: [name: string, body: Record<string, unknown>, errors: Record<string, string>][] = [
    ['no address', {}, { email: 'required' }],
    ['what is no address', { email: 'ada@localhost' }, { email: 'invalid_email' }],
    ['a number', { email: 5 }, { email: 'invalid_type' }],
    ['a list that is none', { email: 'a@b.example', list_id: 'list_x' }, { list_id: 'not_found' }],
    ['a state', { email: 'a@b.example', state: 'active' }, { state: 'unknown_field' }],
    [
      'another kind of consent',
      { email: 'a@b.example', consent: { text: 7, ip: 'x' } },
      { 'consent.text': 'invalid_type', 'consent.ip': 'unknown_field' },
    ],
  ];
  for (const [name, json, errors] of refused) {
    it(`refuses ${name}`, async ({ expect }) => {
      const { key } = await makeForm();
      const response = await call('/v1/subscribers', { key, json });
      expect(await refusedFields(expect, response)).toEqual(errors);
    });
  }
});

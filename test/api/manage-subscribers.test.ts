import { sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { changeSubscriber } from '../../src/subscribers/change-subscriber.ts';
import { subscriberChangesBody, type SubscriberJson } from '../../src/subscribers/contract.ts';
import { faulty } from '../support/faults.ts';
import { call, callWith, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { mailsOnce } from '../support/mails.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { actsOn, hashOf, makeList, makeUsedKey, readList, runSql, suppress } from './data.ts';

type Whole = SubscriberJson & { suppressions: { list_id: string | null; reason: string }[] };

/** Somebody on a list of the test's own, signed up with a secret key. */
async function makeSubscriber(fields: Record<string, unknown> = {}) {
  const { id: keyId, key } = await makeSecretKey();
  const list_id = await makeList();
  const { email, full_name } = makePerson();
  const json = { email, full_name, list_id, ...fields };
  const response = await call('/v1/subscribers', { key, json });
  const { id } = await response.json<{ id: string }>();
  return { keyId, key, id, email, full_name, list_id, path: `/v1/subscribers/${id}` };
}

const read = async (key: string, path: string) => (await call(path, { key })).json<Whole>();

const change = (key: string, path: string, json: object, headers: Record<string, string> = {}) =>
  call(path, { method: 'PATCH', key, json, headers });

const remove = (key: string, path: string, headers: Record<string, string> = {}) =>
  call(path, { method: 'DELETE', key, headers });

const unsubscribe = (key: string, path: string, json?: object) =>
  call(`${path}/unsubscribe`, { method: 'POST', key, ...(json === undefined ? {} : { json }) });

/** So many attributes, numbered from one on. */
const many = (from: number, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${from + at}`, at]));

describe('PATCH /v1/subscribers/{id}', () => {
  it('changes what is named, merges attributes, and notes no values', async ({ expect }) => {
    const own = { language: 'de', tags: ['a'], attributes: { city: 'Wien', age: 40 } };
    const { key, keyId, id, path, email } = await makeSubscriber(own);
    const full_name = makePerson().full_name;
    const json = { full_name, tags: ['b', 'c', 'b'], attributes: { city: null, vip: true } };
    const response = await change(key, path, json);
    expect(response.headers.get('ETag')).toBe('"2"');
    const changed = await response.json<Whole>();
    expect(changed).toMatchObject({ id, email, full_name, language: 'de', version: 2 });
    expect([changed.tags, changed.attributes]).toEqual([['b', 'c'], { age: 40, vip: true }]);
    expect(await read(key, path)).toEqual(changed);
    const detail = { fields: ['full_name', 'tags', 'attributes'] };
    expect(await actsOn(id)).toEqual([{ action: 'subscriber.changed', actor: keyId, detail }]);
    const found = (tag: string) => readList<Whole>('/v1/subscribers', key, { tag, email });
    expect((await found('a')).data).toEqual([]);
    expect((await found('b')).data).toHaveLength(1);
  });

  it('empties with null, writes a language as it is written best, and mends what a stranger typed', async ({
    expect,
  }) => {
    const { key: stranger } = await makeForm();
    const { email } = makePerson();
    const json = { email, full_name: 'Not My Name', language: 'no such' };
    await call('/v1/subscribers', { key: stranger, json });
    const { key } = await makeSecretKey();
    const [found] = (await readList<Whole>('/v1/subscribers', key, { email })).data;
    const path = `/v1/subscribers/${found?.id}`;
    const response = await change(key, path, { full_name: null, language: 'PT-br' });
    expect(await response.json()).toMatchObject({ full_name: null, language: 'pt-BR' });
    await change(key, path, { language: null });
    expect(await read(key, path)).toMatchObject({ language: null, version: 3 });
  });

  it('makes no version where nothing changes', async ({ expect }) => {
    const { key, path, id, full_name } = await makeSubscriber({ attributes: { a: 1 } });
    const same = { full_name, tags: [], attributes: { a: 1, b: null } };
    expect(await (await change(key, path, same)).json()).toMatchObject({ version: 1 });
    expect(await actsOn(id)).toEqual([]);
  });

  it('is refused to those who do not know the version', async ({ expect }) => {
    const { key, path } = await makeSubscriber();
    const stale = await change(key, path, { tags: ['a'] }, { 'If-Match': '"2"' });
    await expectProblem(expect, stale, 412, 'precondition_failed');
    const known = await change(key, path, { tags: ['a'] }, { 'If-Match': '"1"' });
    expect(known.status).toBe(200);
  });

  it('is applied on top of what another writer was faster with', async ({ expect }) => {
    const { key, path, id } = await makeSubscriber();
    const by = { actor: 'test', requestId: null, known: null };
    let isOvertaken = false;
    const write: typeof operator.database.write = async (statements) => {
      if (!isOvertaken) await change(key, path, { attributes: { a: 1 } });
      isOvertaken = true;
      return operator.database.write(statements);
    };
    const deps = { ...operator, database: { ...operator.database, write } };
    deps.deadline = { at: Date.now() + 10_000 };
    const changed = await changeSubscriber(deps, id, { attributes: { b: 2 } }, by);
    expect([changed.attributes, changed.version]).toEqual([{ a: 1, b: 2 }, 3]);
    expect(await read(key, path)).toMatchObject({ attributes: { a: 1, b: 2 }, version: 3 });
  });

  it('is carried out once where the answer of the database is lost', async ({ expect }) => {
    const { path } = await makeSubscriber();
    const key = await makeUsedKey();
    const bindings = { TURSO_DATABASE_URL: `${faulty('database', 'write-lost-answer').url}/` };
    const sent = { method: 'PATCH', key, json: { tags: ['a'] } };
    expect((await callWith(bindings, path, sent)).status).toBe(200);
    expect(await read(key, path)).toMatchObject({ tags: ['a'], version: 2 });
  });

  it.for([
    ['nothing', {}, ['', 'invalid']],
    ['another address', { email: 'a@b.example' }, ['email', 'not_changeable']],
    ['a state', { tags: [], state: 'active' }, ['state', 'unknown_field']],
    ['no language', { language: 'no such' }, ['language', 'invalid_language']],
    ['null for tags', { tags: null }, ['tags', 'invalid_type']],
    ['a list for an attribute', { attributes: { a: [1] } }, ['attributes.a', 'invalid_attribute']],
  ] as const)('refuses %s', async ([, json, [field, code]], { expect }) => {
    const { key, path } = await makeSubscriber();
    const refused = await change(key, path, json);
    expect(await refusedFields(expect, refused)).toEqual({ [field]: code });
  });

  it('refuses attributes that are too many with those there are', async ({ expect }) => {
    const { key, path } = await makeSubscriber({ attributes: many(0, 40) });
    const refused = await change(key, path, { attributes: many(40, 11) });
    expect(await refusedFields(expect, refused)).toEqual({ attributes: 'too_big' });
    const replaced = { ...many(40, 11), a0: null };
    expect((await change(key, path, { attributes: replaced })).status).toBe(200);
  });

  it('takes whatever its contract takes', async ({ expect }) => {
    const { key, path } = await makeSubscriber();
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.double(), fc.boolean());
    const changes = fc
      .record({
        tags: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
        attributes: fc.dictionary(fc.string({ maxLength: 6 }), value, { maxKeys: 4 }),
        language: fc.constantFrom('de', 'x-a', 'zh-hant-tw', '', 'en-', 'a', null),
      })
      .map((json) => JSON.parse(JSON.stringify(json)) as Record<string, unknown>)
      .filter((json) => !/[\\]u00/.test(JSON.stringify(json)));
    await fc.assert(
      fc.asyncProperty(changes, async (json) => {
        const taken = subscriberChangesBody.safeParse(json).success;
        const { status } = await change(key, path, json);
        expect(taken ? [200] : [422]).toContain(status);
      }),
      { numRuns: 15 },
    );
  });
});

describe('POST /v1/subscribers/{id}/unsubscribe', () => {
  it('ends one subscription, with the evidence and a suppression', async ({ expect }) => {
    const { key, keyId, id, path, email, list_id } = await makeSubscriber();
    const other = await makeList();
    await call('/v1/subscribers', { key, json: { email, list_id: other } });
    for (let n = 0; n < 2; n += 1) {
      const response = await unsubscribe(key, path, { list_id });
      expect(response.status).toBe(200);
      const whole = await response.json<Whole>();
      const states = whole.subscriptions.map((each) => [each.list_id, each.state]);
      expect(Object.fromEntries(states)).toEqual({ [list_id]: 'unsubscribed', [other]: 'pending' });
      expect(whole.suppressions).toMatchObject([{ list_id, reason: 'unsubscribed' }]);
    }
    const { data } = await readList<Record<string, unknown>>(`${path}/consents`, key);
    expect(data.map(({ action }) => action)).toEqual(['requested', 'requested', 'unsubscribed']);
    expect(data[2]).toMatchObject({ list_id, actor: keyId, ip_network: null, user_agent: null });
    const detail = { list_ids: [list_id] };
    expect(await actsOn(id)).toEqual([{ action: 'subscriber.unsubscribed', actor: keyId, detail }]);
  });

  it('ends all of them without a body, but for a complaint', async ({ expect }) => {
    const { key, path, email, list_id } = await makeSubscriber();
    const [other, third] = [await makeList(), await makeList()];
    for (const each of [other, third])
      await call('/v1/subscribers', { key, json: { email, list_id: each } });
    await runSql(sql`UPDATE subscriptions SET state = 'complained' WHERE list_id = ${third}`);
    const { subscriptions } = await (await unsubscribe(key, path)).json<Whole>();
    const states = subscriptions.map((each) => [each.list_id, each.state]);
    expect(Object.fromEntries(states)).toEqual({
      ...{ [list_id]: 'unsubscribed', [other]: 'unsubscribed', [third]: 'complained' },
    });
  });

  it('refuses a list that the person has not been on', async ({ expect }) => {
    const { key, path } = await makeSubscriber();
    const refused = await unsubscribe(key, path, { list_id: await makeList() });
    expect(await refusedFields(expect, refused)).toEqual({ list_id: 'not_found' });
  });
});

describe('DELETE /v1/subscribers/{id}', () => {
  it('removes all but the ledger and the suppressions, which name nobody', async ({ expect }) => {
    const { key, keyId, id, path, email, list_id } = await makeSubscriber({ tags: ['a'] });
    await mailsOnce(expect, email);
    await unsubscribe(key, path);
    await runSql(sql`UPDATE consents SET subject_hash = NULL
      WHERE list_id = ${list_id} AND action = 'requested'`);
    const confirmations = await rowsOf<{ id: string }>(
      operator,
      sql`SELECT id FROM confirmations WHERE list_id = ${list_id}`,
    );
    expect(confirmations).toHaveLength(1);
    expect((await remove(key, path)).status).toBe(204);
    await expectProblem(expect, await call(path, { key }), 404, 'not_found');
    const hash = await hashOf(email);
    const left = await rowsOf(
      operator,
      sql`SELECT action AS word, subscriber_id, subject_hash FROM consents WHERE list_id = ${list_id}
          UNION ALL SELECT reason, 'suppressed', subject_hash FROM suppressions WHERE list_id = ${list_id}
          UNION ALL SELECT id, 'subscriber', '' FROM subscribers WHERE email = ${email}
          UNION ALL SELECT state, 'subscription', '' FROM subscriptions WHERE list_id = ${list_id}
          UNION ALL SELECT tag, 'tag', '' FROM subscriber_tags WHERE subscriber_id = ${id}
          UNION ALL SELECT id, 'confirmation', '' FROM confirmations WHERE list_id = ${list_id}
          UNION ALL SELECT id, 'outbox', '' FROM outbox WHERE resource_id = ${confirmations[0]?.id}`,
    );
    expect(left).toEqual([
      { word: 'requested', subscriber_id: null, subject_hash: hash },
      { word: 'unsubscribed', subscriber_id: null, subject_hash: hash },
      { word: 'unsubscribed', subscriber_id: 'suppressed', subject_hash: hash },
    ]);
    const deleted = { action: 'subscriber.deleted', actor: keyId, detail: {} };
    expect((await actsOn(id)).at(-1)).toEqual(deleted);
    await expectProblem(expect, await remove(key, path), 404, 'not_found');
  });

  it('takes the answers with it that tell of them, and is refused to who knows another version', async ({
    expect,
  }) => {
    const { key, path, email, list_id } = await makeSubscriber();
    const headers = { 'Idempotency-Key': randomWord() };
    const sent = { key, json: { email, list_id }, headers };
    expect((await call('/v1/subscribers', sent)).status).toBe(202);
    const stale = await remove(key, path, { 'If-Match': '"7"' });
    await expectProblem(expect, stale, 412, 'precondition_failed');
    expect((await remove(key, path, { 'If-Match': '"1"' })).status).toBe(204);
    await expectProblem(expect, await call('/v1/subscribers', sent), 409, 'conflict');
  });

  it('is carried out once where the answer of the database is lost', async ({ expect }) => {
    const { path } = await makeSubscriber();
    const key = await makeUsedKey();
    const bindings = { TURSO_DATABASE_URL: `${faulty('database', 'write-lost-answer').url}/` };
    const response = await callWith(bindings, path, { method: 'DELETE', key });
    expect(response.status).toBe(204);
  });
});

describe('GET /v1/subscribers/{id}', () => {
  it('shows why somebody is not written to, and is never "not modified"', async ({ expect }) => {
    const { key, path, email, list_id } = await makeSubscriber();
    await suppress(email, 'bounced', list_id);
    await suppress(email, 'blocked');
    const response = await call(path, { key, headers: { 'If-None-Match': '"1"' } });
    expect(response.status).toBe(200);
    const { suppressions } = await response.json<Whole>();
    const shown = suppressions.map((each) => [each.list_id, each.reason]);
    expect(shown).toEqual([
      [null, 'blocked'],
      [list_id, 'bounced'],
    ]);
  });
});

describe('GET /v1/subscribers/{id}/consents', () => {
  it('shows the ledger in pages, oldest first', async ({ expect }) => {
    const consent = { text: 'Yes.', version: '7', page: 'https://shop.example/' };
    const { key, keyId, path, list_id } = await makeSubscriber({ consent });
    await unsubscribe(key, path);
    const consents = `${path}/consents`;
    const { data } = await readList<Record<string, unknown>>(consents, key);
    expect(data[0]).toEqual({
      ...{ id: expect.stringMatching(/^cns_/), action: 'requested', list_id, text: 'Yes.' },
      ...{ text_version: '7', text_hash: expect.stringMatching(/^[\da-f]{64}$/) },
      ...{
        page: consent.page,
        form_id: null,
        ip_network: expect.stringMatching(/^2001:db8:.*48$/),
      },
      ...{ user_agent: null, confirmation_id: expect.stringMatching(/^cnf_/), actor: keyId },
      at: expect.stringMatching(/Z$/),
    });
    const first = await readList<Record<string, unknown>>(consents, key, { limit: '1' });
    const cursor = first.page.next_cursor ?? '';
    const second = await readList<Record<string, unknown>>(consents, key, { limit: '1', cursor });
    expect([...first.data, ...second.data]).toEqual(data);
    expect(second.page.has_more).toBe(false);
  });
});

describe('a subscriber that is not there', () => {
  it.for([
    ['PATCH', '', { tags: [] }],
    ['DELETE', '', undefined],
    ['POST', '/unsubscribe', {}],
    ['GET', '/consents', undefined],
  ] as const)('%s %s is not found', async ([method, path, json], { expect }) => {
    const { key } = await makeSecretKey();
    const sent = { method, key, ...(json === undefined ? {} : { json }) };
    const response = await call(`/v1/subscribers/sbr_none${path}`, sent);
    await expectProblem(expect, response, 404, 'not_found');
  });
});

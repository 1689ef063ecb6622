import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { ImportJson, RowError } from '../../src/imports/contract.ts';
import { sha256 } from '../../src/lib/hashing.ts';
import { parseEmail } from '../../src/lib/email.ts';
import { subjectHashes } from '../../src/subjects/subject-hash.ts';
import { faulty } from '../support/faults.ts';
import { call, callWith, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeList, makeUsedKey, readList, runSql } from './data.ts';

const consent = 'They signed up at our stand in Berlin, May 2026.';

type Answer = ImportJson & { errors: RowError[]; dry_run?: object };

/** Begins an import to a list of its own. */
async function begin(more: object = {}): Promise<{ id: string; key: string; listId: string }> {
  const { key } = await makeSecretKey();
  const listId = await makeList();
  const json = { list_id: listId, consent, ...more };
  const { id } = await (await call('/v1/imports', { key, json })).json<ImportJson>();
  return { id, key, listId };
}

async function send(to: { id: string; key: string }, from: number, rows: unknown[], more = {}) {
  const json = { from, rows, ...more };
  const response = await call(`/v1/imports/${to.id}/rows`, { key: to.key, json });
  if (response.status !== 200) throw new Error(await response.text());
  return response.json<Answer>();
}

const none = { added: 0, changed: 0, unchanged: 0, suppressed: 0, invalid: 0 };
const countsOf = ({ added, changed, unchanged, suppressed, invalid, rows_done }: ImportJson) => ({
  ...{ added, changed, unchanged, suppressed, invalid },
  rows_done,
});

const subscriberOf = async (email: string) => {
  const [row] = await rowsOf<Record<string, unknown>>(
    operator,
    sql`SELECT * FROM subscribers WHERE email = ${email}`,
  );
  return row;
};

const words = (begin: string, count: number) =>
  Array.from({ length: count }, (_, nth) => `${begin}${nth}`);

const tens = (of: number) => Array.from({ length: 10 }, () => of);

/** A row with 30 tags and attributes. */
const loaded = (email: string, word: string) => ({
  ...{ email, tags: words(word, 30) },
  attributes: Object.fromEntries(words(word, 30).map((name) => [name, 1])),
});

const peopleOf = (count: number) => Array.from({ length: count }, () => makePerson().email);

const stateOf = async (email: string, listId: string) => {
  const [row] = await rowsOf<{ state: string }>(
    operator,
    sql`SELECT state FROM subscriptions JOIN subscribers ON id = subscriber_id
      WHERE email = ${email} AND list_id = ${listId}`,
  );
  return row?.state;
};

/** Puts somebody among those who are not written to. */
async function suppress(email: string, reason: string, listId = ''): Promise<void> {
  const [hash] = await subjectHashes(operator.config, parseEmail(email)?.key ?? '');
  await runSql(sql`INSERT INTO suppressions (subject_hash, list_id, reason, actor, created_at)
    VALUES (${hash}, ${listId}, ${reason}, 'test', 1)`);
}

describe('POST /v1/imports/{id}/rows', () => {
  it('brings people to a list, with evidence of where their consent is from', async ({
    expect,
  }) => {
    const { id, key, listId } = await begin();
    const { email, full_name } = makePerson();
    const row = { email, full_name, language: 'de', tags: ['b', 'a', 'b'], attributes: { n: 1 } };
    expect(await send({ id, key }, 0, [row])).toEqual({
      ...{ id, list_id: listId, on_conflict: 'ignore', consent, fingerprint: null },
      ...{ state: 'open', rows_total: null, rows_done: 1, ...none, added: 1, errors: [] },
      ...{ created_at: expect.any(String), updated_at: expect.any(String) },
    });
    expect(await subscriberOf(email)).toMatchObject({
      ...{ id: expect.stringMatching(/^sbr_/), full_name, language: 'de', version: 1 },
      ...{ email_key: email, tags: '["b","a"]', attributes: '{"n":1}' },
    });
    expect(await stateOf(email, listId)).toBe('active');
    const consents = await rowsOf<object>(
      operator,
      sql`SELECT consents.* FROM consents JOIN subscribers s ON s.id = subscriber_id WHERE email = ${email}`,
    );
    const [subject_hash] = await subjectHashes(operator.config, email);
    expect(consents).toMatchObject([
      {
        ...{ list_id: listId, action: 'imported', text: consent, text_hash: await sha256(consent) },
        ...{
          subject_hash,
          confirmation_id: null,
          ip_hash: null,
          actor: expect.stringMatching(/^key_/),
        },
      },
    ]);
  });

  it('counts what is wrong with a row, and takes the others', async ({ expect }) => {
    const { id, key } = await begin();
    const [one, two, three] = peopleOf(3);
    const long = 'x'.repeat(256);
    const rows = [
      { email: one },
      { email: `${two} ` },
      { email: 'nobody' },
      { email: three, full_name: long, tags: ['a', ''] },
      { full_name: 'Nobody' },
      null,
      { email: three, attributes: { 'no good': 1 } },
      { email: three, attributes: { a: ['b'] } },
      { email: three, state: 'active' },
      { email: three, full_name: 'a\u0000b' },
      { email: three, tags: words('t', 51) },
    ];
    await send({ id, key }, 0, [{ email: one }]);
    const answer = await send({ id, key }, 1, rows);
    expect(countsOf(answer)).toEqual({
      ...none,
      added: 2,
      unchanged: 1,
      invalid: 9,
      rows_done: 12,
    });
    expect(answer.errors.map(({ row, field, code }) => `${row} ${field} ${code}`)).toEqual([
      '4 email invalid_email',
      '5 full_name too_long',
      '5 tags.1 too_short',
      '6 email required',
      '7  invalid_type',
      '8 attributes.no good invalid_name',
      '9 attributes.a invalid_attribute',
      '10 state unknown_field',
      '11 full_name invalid_text',
      '12 tags too_big',
    ]);
    expect(JSON.stringify(answer.errors)).not.toContain(three);
    expect(await subscriberOf(three ?? '')).toBeUndefined();
  });

  it('tells of ten errors of a row, however many it has', async ({ expect }) => {
    const unknown = Object.fromEntries(words('x', 90).map((name) => [name, 1]));
    const tags = words('', 50).map(() => '');
    const answer = await send(await begin(), 0, [unknown, { email: 'nobody', tags }]);
    expect(answer).toMatchObject({ invalid: 2 });
    expect(answer.errors.map(({ row }) => row)).toEqual([...tens(1), ...tens(2)]);
    expect(answer.errors[0]).toMatchObject({ field: 'email', code: 'required' });
  });

  it('takes many rows at once, with all that a row may hold', async ({ expect }) => {
    const { id, key } = await begin();
    const tags = words('tag ', 50);
    const attributes = Object.fromEntries(words('name-', 50).map((name) => [name, 'x'.repeat(9)]));
    const rows = peopleOf(60).map((email) => ({ email, tags, attributes }));
    expect(countsOf(await send({ id, key }, 0, rows))).toMatchObject({ added: 60, invalid: 0 });
    const many = await call(`/v1/imports/${id}/rows`, {
      key,
      json: { from: 60, rows: Array.from({ length: 501 }, () => null) },
    });
    expect(await refusedFields(expect, many)).toEqual({ rows: 'too_big' });
    const body = JSON.stringify({ from: 60, rows: ['x'.repeat(1 << 18)] });
    const headers = { 'Content-Type': 'application/json' };
    const large = await call(`/v1/imports/${id}/rows`, { method: 'POST', key, headers, body });
    await expectProblem(expect, large, 413, 'body_too_large');
  });

  it('brings nobody who is not to be written to, and keeps nothing of them', async ({ expect }) => {
    const { id, key, listId } = await begin({ on_conflict: 'merge' });
    const other = await makeList();
    const [blocked, left, elsewhere, erased, old] = peopleOf(5) as [
      string,
      string,
      string,
      string,
      string,
    ];
    await suppress(blocked, 'blocked');
    await suppress(left, 'unsubscribed', listId);
    await suppress(elsewhere, 'unsubscribed', other);
    await suppress(erased, 'erased');
    await call('/v1/subscribers', { key, json: { email: old, list_id: other } });
    await suppress(old, 'complained');
    const rows = [blocked, left, elsewhere, erased, old, blocked].map((email) => ({
      email,
      full_name: 'Ada',
      tags: ['new'],
    }));
    expect(countsOf(await send({ id, key }, 0, rows))).toEqual({
      ...{ ...none, suppressed: 5, added: 1, rows_done: 6 },
    });
    for (const email of [blocked, left, erased]) expect(await subscriberOf(email)).toBeUndefined();
    expect(await subscriberOf(old)).toMatchObject({ full_name: null, tags: '[]', version: 1 });
    expect(await stateOf(old, listId)).toBeUndefined();
    expect(await stateOf(elsewhere, listId)).toBe('active');
  });

  it('finds who is not to be written to under a secret from before', async ({ expect }) => {
    const { id, key } = await begin();
    const [email = ''] = peopleOf(1);
    await suppress(email, 'blocked');
    const bindings = { SUBJECT_SECRET: 'Rk3s-9dLq7Wc2xTn8vBz5yHu1mPe6aJg4oXi0fKr_tQ' };
    const response = await callWith(bindings, `/v1/imports/${id}/rows`, {
      key,
      json: { from: 0, rows: [{ email }] },
    });
    expect(countsOf(await response.json())).toMatchObject({ suppressed: 1, added: 0 });
  });

  it('leaves a subscription as it is, whatever its state', async ({ expect }) => {
    const { id, key, listId } = await begin({ on_conflict: 'merge' });
    const states = ['pending', 'active', 'unsubscribed', 'bounced', 'complained'];
    const people = peopleOf(states.length);
    for (const [nth, email] of people.entries()) {
      await call('/v1/subscribers', { key, json: { email, list_id: listId } });
      await runSql(sql`UPDATE subscriptions SET state = ${states[nth]} WHERE list_id = ${listId}
        AND subscriber_id = (SELECT id FROM subscribers WHERE email = ${email})`);
    }
    const answer = await send(
      { id, key },
      0,
      people.map((email) => ({ email })),
    );
    expect(countsOf(answer)).toEqual({ ...none, unchanged: 5, rows_done: 5 });
    expect(await Promise.all(people.map((email) => stateOf(email, listId)))).toEqual(states);
  });

  it('keeps what is known of a person, or adds what is new', async ({ expect }) => {
    const { email } = makePerson();
    const before = { email, language: 'de', tags: ['b', 'a'], attributes: { a: 1, b: 'x' } };
    const after = {
      ...{ email: email.toUpperCase(), full_name: 'Ada', language: 'en' },
      ...{ tags: ['a', 'c'], attributes: { b: 'y', c: true } },
    };
    await send(await begin(), 0, [before]);
    const ignoring = await begin();
    // Who is known joins the list all the same.
    expect(countsOf(await send(ignoring, 0, [after]))).toMatchObject({ changed: 1, unchanged: 0 });
    expect(countsOf(await send(ignoring, 1, [after]))).toMatchObject({ changed: 1, unchanged: 1 });
    const kept = { full_name: null, tags: '["b","a"]', attributes: '{"a":1,"b":"x"}', version: 1 };
    expect(await subscriberOf(email)).toMatchObject(kept);
    expect(await stateOf(email, ignoring.listId)).toBe('active');

    const merging = await begin({ on_conflict: 'merge' });
    const answer = await send(merging, 0, [after, { ...after, full_name: 'Another' }]);
    expect(countsOf(answer)).toEqual({ ...none, changed: 1, unchanged: 1, rows_done: 2 });
    const merged = {
      ...{ email, full_name: 'Ada', language: 'de', tags: '["b","a","c"]', version: 2 },
      attributes: '{"a":1,"b":"y","c":true}',
    };
    expect(await subscriberOf(email)).toMatchObject(merged);
    expect(countsOf(await send(merging, 2, [after]))).toMatchObject({ changed: 1, unchanged: 2 });
    expect(await subscriberOf(email)).toMatchObject(merged);
    const found = await call('/v1/subscribers?email=' + encodeURIComponent(email), {
      key: merging.key,
    });
    expect((await found.json<{ data: unknown[] }>()).data).toHaveLength(1);
  });

  it('leaves out what would be too much for one subscriber', async ({ expect }) => {
    const merging = await begin({ on_conflict: 'merge' });
    const [one = '', two = ''] = peopleOf(2);
    await send(merging, 0, [loaded(one, 'a')]);
    const answer = await send(merging, 1, [loaded(one, 'b'), loaded(two, 'a'), loaded(two, 'b')]);
    expect(countsOf(answer)).toMatchObject({ added: 2, changed: 1, unchanged: 1 });
    for (const email of [one, two]) {
      const { tags, attributes } = (await subscriberOf(email)) ?? {};
      expect(JSON.parse(String(tags))).toHaveLength(50);
      expect(Object.keys(JSON.parse(String(attributes)) as object)).toEqual(words('a', 30));
    }
    const again = await send(merging, 4, [loaded(one, 'b')]);
    expect(countsOf(again)).toMatchObject({ changed: 1, unchanged: 2 });
  });

  it('takes a batch once: a repeat is told where to go on', async ({ expect }) => {
    const { id, key } = await begin();
    const [one = '', two = ''] = peopleOf(2);
    await send({ id, key }, 0, [{ email: one }]);
    for (const from of [0, 2]) {
      const json = { from, rows: [{ email: two }] };
      const refused = await call(`/v1/imports/${id}/rows`, { key, json });
      const { detail } = await expectProblem(expect, refused, 409, 'conflict');
      expect(detail).toContain('has taken 1 rows');
    }
    expect(await subscriberOf(two)).toBeUndefined();
  });

  it('lets one of two move it on that come at once', async ({ expect }) => {
    const { id, key } = await begin();
    const rowsOfEach = Array.from({ length: 4 }, () => peopleOf(3).map((email) => ({ email })));
    const answers = await Promise.all(
      rowsOfEach.map((rows) => call(`/v1/imports/${id}/rows`, { key, json: { from: 0, rows } })),
    );
    const statuses = answers.map(({ status }) => String(status)).toSorted();
    expect(statuses).toEqual(['200', '409', '409', '409']);
    const shown = await (await call(`/v1/imports/${id}`, { key })).json<ImportJson>();
    expect(countsOf(shown)).toEqual({ ...none, added: 3, rows_done: 3 });
  });

  it('takes a batch once where the answer of the database is lost', async ({ expect }) => {
    const key = await makeUsedKey();
    const list_id = await makeList();
    const begun = await call('/v1/imports', { key, json: { list_id, consent } });
    const { id } = await begun.json<ImportJson>();
    const database = faulty('database', 'write-lost-answer');
    const [email = ''] = peopleOf(1);
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const json = { from: 0, rows: [{ email }, {}] };
    const response = await callWith(bindings, `/v1/imports/${id}/rows`, { key, json });
    expect(response.status).toBe(200);
    const answer = await response.json<Answer>();
    expect(countsOf(answer)).toEqual({ ...none, added: 1, invalid: 1, rows_done: 2 });
    expect(answer.errors).toHaveLength(1);
    const tries = (await database.seen()).filter(({ body }) =>
      body.includes('subscribers.imported'),
    );
    expect(tries).toHaveLength(2);
  });

  it('advises fewer rows where the database does not take them', async ({ expect }) => {
    const key = await makeUsedKey();
    const list_id = await makeList();
    const begun = await call('/v1/imports', { key, json: { list_id, consent } });
    const { id } = await begun.json<ImportJson>();
    const bindings = { TURSO_DATABASE_URL: `${faulty('database', 'write-drop').url}/` };
    const json = { from: 0, rows: [{}] };
    const response = await callWith(bindings, `/v1/imports/${id}/rows`, { key, json });
    const { detail } = await expectProblem(expect, response, 503, 'unavailable');
    expect(detail).toContain('Send fewer rows if it happens again.');
    expect(response.headers.get('Retry-After')).toBe('5');
  });

  it('tells in a dry run what would become of rows, and writes nothing', async ({ expect }) => {
    const { id, key } = await begin();
    const [one = '', two = ''] = peopleOf(2);
    await send({ id, key }, 0, [{ email: one }]);
    const rows = [{ email: one }, { email: two }, { email: two }, {}];
    const answer = await send({ id, key }, 70, rows, { dry_run: true });
    expect(answer.dry_run).toEqual({ ...none, added: 1, unchanged: 2, invalid: 1 });
    expect(answer.errors).toMatchObject([{ row: 74, field: 'email', code: 'required' }]);
    expect(countsOf(answer)).toEqual({ ...none, added: 1, rows_done: 1 });
    expect(await subscriberOf(two)).toBeUndefined();
    const { dry_run, ...taken } = await send({ id, key }, 1, rows);
    expect(dry_run).toBeUndefined();
    expect(countsOf(taken)).toEqual({ ...none, added: 2, unchanged: 2, invalid: 1, rows_done: 5 });
  });

  it('knows no import that is not there', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const json = { from: 0, rows: [{}] };
    const refused = await call('/v1/imports/imp_none/rows', { key, json });
    await expectProblem(expect, refused, 404, 'not_found');
    const { id, listId } = await begin();
    await runSql(sql`DELETE FROM lists WHERE id = ${listId}`);
    const gone = await call(`/v1/imports/${id}/rows`, { key, json });
    await expectProblem(expect, gone, 404, 'not_found');
  });
});

describe('POST /v1/imports', () => {
  it('begins an import, and says of each field what is wrong with it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const list_id = await makeList();
    const json = { list_id, consent, fingerprint: 'file', rows_total: 7, on_conflict: 'merge' };
    const response = await call('/v1/imports', { key, json });
    expect(response.status).toBe(201);
    const begun = await response.json<ImportJson>();
    expect(response.headers.get('Location')).toBe(`/v1/imports/${begun.id}`);
    expect(begun).toMatchObject({ ...json, state: 'open', ...none, rows_done: 0 });
    expect(await (await call(`/v1/imports/${begun.id}`, { key })).json()).toEqual(begun);

    const wrong = { list_id, consent: ' ', on_conflict: 'replace', rows_total: -1, rows: [] };
    expect(await refusedFields(expect, await call('/v1/imports', { key, json: wrong }))).toEqual({
      ...{ consent: 'too_short', on_conflict: 'invalid_value' },
      ...{ rows_total: 'too_small', rows: 'unknown_field' },
    });
    const nowhere = await call('/v1/imports', { key, json: { list_id: 'list_none', consent } });
    expect(await refusedFields(expect, nowhere)).toEqual({ list_id: 'not_found' });
  });

  it('goes on with the same file, while it is open', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const json = { list_id: await makeList(), consent, fingerprint: 'file' };
    const post = async (more = {}) => {
      const response = await call('/v1/imports', { key, json: { ...json, ...more } });
      const { id, rows_done } = await response.json<ImportJson>();
      return { status: response.status, id, rows_done };
    };
    const both = await Promise.all([post(), post(), post()]);
    const [{ id }] = both;
    expect(both.map((each) => each.id)).toEqual([id, id, id]);
    expect(both.map(({ status }) => String(status)).toSorted()).toEqual(['200', '200', '201']);
    await send({ id, key }, 0, [{}]);
    expect(await post()).toEqual({ status: 200, id, rows_done: 1 });
    const others = [{ on_conflict: 'merge' }, { consent: 'Other words.' }, { fingerprint: 'b' }];
    for (const more of others)
      expect(await post(more)).toMatchObject({ status: 201, rows_done: 0 });
    await call(`/v1/imports/${id}/finish`, { method: 'POST', key });
    expect(await post()).toMatchObject({ status: 201, rows_done: 0 });
  });

  it('honours an Idempotency-Key', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const json = { list_id: await makeList(), consent };
    const headers = { 'Idempotency-Key': 'one' };
    const post = () => call('/v1/imports', { key, json, headers });
    const [first, second] = [await post(), await post()];
    expect(second.headers.get('Idempotency-Replayed')).toBe('true');
    expect(await second.json()).toEqual(await first.json());
  });
});

describe('POST /v1/imports/{id}/finish', () => {
  it('ends an import, and keeps its counts in the audit log', async ({ expect }) => {
    const { id, key, listId } = await begin();
    await send({ id, key }, 0, [...peopleOf(2).map((email) => ({ email })), {}]);
    const finish = () => call(`/v1/imports/${id}/finish`, { method: 'POST', key });
    const done = await (await finish()).json<ImportJson>();
    expect(done).toMatchObject({ state: 'done', added: 2, invalid: 1, rows_done: 3 });
    expect(await (await finish()).json()).toEqual(done);
    const json = { from: 3, rows: [{}] };
    const refused = await call(`/v1/imports/${id}/rows`, { key, json });
    await expectProblem(expect, refused, 409, 'conflict');
    const acts = await rowsOf<{ detail: string }>(
      operator,
      sql`SELECT detail FROM audit_log WHERE target_id = ${id} AND action = 'subscribers.imported' ORDER BY id`,
    );
    const details = acts.map(({ detail }) => JSON.parse(detail) as object);
    expect(details).toHaveLength(2);
    expect(details).toContainEqual({ list_id: listId, from: 0, rows: 3 });
    expect(details).toContainEqual({
      ...{ list_id: listId, rows_done: 3, ...none, added: 2, invalid: 1 },
    });
  });
});

describe('GET /v1/imports', () => {
  it('lists imports, newest first, in pages', async ({ expect }) => {
    const { id, key, listId } = await begin();
    const cursor = btoa(JSON.stringify(['imports', Date.now(), `${id}z`])).replaceAll('=', '');
    const { data, page } = await readList<ImportJson>('/v1/imports', key, { limit: '1', cursor });
    expect(data).toMatchObject([{ id, list_id: listId, state: 'open' }]);
    expect(page).toMatchObject({ limit: 1 });
  });
});

describe('an import that merges', () => {
  it('finds the same rows unchanged', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const listId = await makeList();
    const { email, full_name } = makePerson();
    const json = { list_id: listId, consent: 'Words', on_conflict: 'merge' };
    const { id } = await (await call('/v1/imports', { key, json })).json<ImportJson>();
    const row = {
      ...{ email, full_name, language: 'de', tags: ['b', 'a', '1', 'ü', 'A', "'", '"'] },
      attributes: {
        ...{ n: 1e21, m: 5e-7, z: -0, f: 0.1, i: 9007199254740991, b: true, t: '' },
        ...{ u: 'ü😀\u2028\u007F/\\"', '1': 'x', nl: 'a\nb\tc', html: '<b>' },
      },
    };
    const take = async (from: number) =>
      (
        await call(`/v1/imports/${id}/rows`, { key, json: { from, rows: [row] } })
      ).json<ImportJson>();
    await take(0);
    await take(1);
    expect(await take(2)).toMatchObject({ added: 1, changed: 0, unchanged: 2 });
  });

  it('finds unchanged what the API has stored', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const listId = await makeList();
    const { email } = makePerson();
    const attributes = { n: 1e21, m: 5e-7, f: 0.1, u: 'ü😀\u2028\u007F/\\"', '1': 'x', b: false };
    const about = { email, list_id: listId, tags: ['b', 'a'], attributes };
    await call('/v1/subscribers', { key, json: about });
    const json = { list_id: listId, consent: 'Words', on_conflict: 'merge' };
    const { id } = await (await call('/v1/imports', { key, json })).json<ImportJson>();
    const rows = [{ email, tags: ['a'], attributes: { m: 5e-7, b: false } }];
    const taken = await call(`/v1/imports/${id}/rows`, { key, json: { from: 0, rows } });
    expect(await taken.json()).toMatchObject({ changed: 0, unchanged: 1 });
  });
});

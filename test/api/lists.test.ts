import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { sha256 } from '../../src/lib/hashing.ts';
import type { CountedListJson, ListJson } from '../../src/lists/contract.ts';
import { faulty } from '../support/faults.ts';
import { call, callWith, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields, type List } from './answers.ts';
import { actsOn, makeUsedKey, readList, runSql } from './data.ts';

const settings = {
  name: 'Product news',
  opt_in: 'single',
  visibility: 'private',
  description: 'Once a month.\nNot more.',
  consent_text: 'I want to hear of new products.',
  consent_version: '2026-11',
  retention_days: 90,
};

const noCounts = { pending: 0, active: 0, unsubscribed: 0, bounced: 0, complained: 0 };

async function makeList(key: string, json: object = {}): Promise<ListJson> {
  const response = await call('/v1/lists', { key, json: { name: 'List of a test', ...json } });
  return response.json<ListJson>();
}

const change = (key: string, id: string, json: unknown, headers: Record<string, string> = {}) =>
  call(`/v1/lists/${id}`, { method: 'PATCH', key, json, headers });

const remove = (key: string, id: string, headers: Record<string, string> = {}) =>
  call(`/v1/lists/${id}`, { method: 'DELETE', key, headers });

const newsletterForm = (listId: string) =>
  makeBareForm({ kind: 'newsletter', list_id: listId, default_source: null });

describe('POST /v1/lists', () => {
  it('makes a list with all its settings, and shows it', async ({ expect }) => {
    const { id: actor, key } = await makeSecretKey(['lists:write', 'lists:read']);
    const response = await call('/v1/lists', { key, json: settings });
    const list = await response.json<ListJson>();
    expect(response.status).toBe(201);
    expect(response.headers.get('Location')).toBe(`/v1/lists/${list.id}`);
    expect(response.headers.get('ETag')).toBe('"1"');
    expect(list).toEqual({
      ...settings,
      id: expect.stringMatching(/^list_[0-9a-z]{26}$/),
      created_at: list.updated_at,
      updated_at: expect.stringMatching(/Z$/),
      version: 1,
    });
    const shown = await call(`/v1/lists/${list.id}`, { key });
    expect(shown.headers.get('ETag')).toBe('"1"');
    expect(await shown.json()).toEqual({ ...list, counts: noCounts });
    expect(await actsOn(list.id)).toEqual([{ action: 'list.created', actor, detail: {} }]);
  });

  it('asks people to confirm, where it is not told otherwise', async ({ expect }) => {
    const { key } = await makeSecretKey();
    expect(await makeList(key)).toMatchObject({
      ...{ opt_in: 'double', visibility: 'public', description: null, retention_days: null },
      ...{ consent_text: null, consent_version: null },
    });
  });

  it('makes one list of a repeated request, and where an answer is lost', async ({ expect }) => {
    const key = await makeUsedKey();
    const name = randomWord();
    const headers = { 'Idempotency-Key': name };
    const database = faulty('database', 'write-lost-answer');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const first = await callWith(bindings, '/v1/lists', { key, json: { name }, headers });
    expect(first.status).toBe(201);
    const second = await call('/v1/lists', { key, json: { name }, headers });
    expect(second.headers.get('Idempotency-Replayed')).toBe('true');
    expect(await second.json()).toEqual(await first.json());
    expect(await rowsOf(operator, sql`SELECT id FROM lists WHERE name = ${name}`)).toHaveLength(1);
  });

  it('names each field that is not valid', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const wrong = {
      ...{ name: ' ', opt_in: 'triple', visibility: 'hidden', retention_days: 0 },
      ...{ consent_version: 'a\nb', consent_text: 'x'.repeat(2_001), id: 'list_a' },
    };
    const refused = await call('/v1/lists', { key, json: wrong });
    expect(await refusedFields(expect, refused)).toEqual({
      ...{ name: 'too_short', opt_in: 'invalid_value', visibility: 'invalid_value' },
      ...{ retention_days: 'too_small', consent_version: 'invalid_text' },
      ...{ consent_text: 'too_long', id: 'unknown_field' },
    });
  });
});

describe('GET /v1/lists', () => {
  it('lists them newest first, in pages, all or by visibility', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const at = Math.floor(Math.random() * Date.parse('2010-01-01T00:00:00Z'));
    const made: string[] = [];
    for (const visibility of ['public', 'private', 'public']) {
      made.push((await makeList(key, { visibility })).id);
    }
    const ids = made.toSorted().toReversed();
    for (const id of ids) await runSql(sql`UPDATE lists SET created_at = ${at} WHERE id = ${id}`);
    const walk = async (filter: Record<string, string>, pages: number) => {
      const walked: string[] = [];
      let cursor = btoa(JSON.stringify(['lists', at + 1, 'list_']));
      for (let page = 0; page < pages; page += 1) {
        const query = { ...filter, limit: '1', cursor };
        const list: List<ListJson> = await readList('/v1/lists', key, query);
        walked.push(...list.data.map(({ id }) => id));
        cursor = list.page.next_cursor ?? '';
      }
      return walked;
    };
    expect(await walk({}, 3)).toEqual(ids);
    expect(await walk({ visibility: 'private' }, 1)).toEqual([made[1]]);
    expect(await walk({ visibility: 'public' }, 2)).toEqual([made[2], made[0]]);
  });
});

describe('GET /v1/lists/{id}', () => {
  it('counts people by state, those of this list alone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [list, other] = [await makeList(key, { opt_in: 'single' }), await makeList(key)];
    const join = (list_id: string) =>
      call('/v1/subscribers', { key, json: { email: makePerson().email, list_id } });
    for (const id of [list.id, list.id, list.id, other.id]) await join(id);
    await runSql(sql`UPDATE subscriptions SET state = 'bounced' WHERE list_id = ${list.id}
      AND subscriber_id = (SELECT max(subscriber_id) FROM subscriptions WHERE list_id = ${list.id})`);
    const counted = await (await call(`/v1/lists/${list.id}`, { key })).json<CountedListJson>();
    expect(counted.counts).toEqual({ ...noCounts, active: 2, bounced: 1 });
  });

  it('knows the list that a migration made, and none that is not there', async ({ expect }) => {
    const { key } = await makeSecretKey();
    expect((await call('/v1/lists/list_newsletter', { key })).status).toBe(200);
    await expectProblem(expect, await call('/v1/lists/list_none', { key }), 404, 'not_found');
  });
});

describe('PATCH /v1/lists/{id}', () => {
  it('changes what is named, makes a version and is noted', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const before = await makeList(key, settings);
    const json = { name: 'News', description: '', opt_in: before.opt_in };
    const response = await change(key, before.id, json, { 'If-Match': '"1"' });
    const after = await response.json<ListJson>();
    expect(response.headers.get('ETag')).toBe('"2"');
    expect(after).toEqual({
      ...{ ...before, name: 'News', description: null, version: 2 },
      updated_at: after.updated_at,
    });
    const again = await change(key, before.id, { name: 'News' });
    expect(await again.json()).toMatchObject({ version: 2 });
    const acts = (await actsOn(before.id)).map(({ action, detail }) => [action, detail]);
    expect(acts.slice(1)).toEqual([['list.changed', { fields: ['name', 'description'] }]]);
    const stale = await change(key, before.id, { name: 'C' }, { 'If-Match': '"1"' });
    await expectProblem(expect, stale, 412, 'precondition_failed');
    expect(await refusedFields(expect, await change(key, before.id, {}))).toEqual({
      '': 'invalid',
    });
  });

  it('loses nothing of what several change at once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeList(key);
    const changes = [{ name: 'B' }, { description: 'C' }, { retention_days: 5 }];
    const answers = await Promise.all(changes.map((json) => change(key, id, json)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const list = await (await call(`/v1/lists/${id}`, { key })).json();
    expect(list).toMatchObject({ ...Object.assign({}, ...changes), version: 4 });
  });

  it('lets one version stand for one text', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeList(key, { consent_text: 'Words' });
    const set = (json: object) => change(key, id, json);
    expect((await set({ consent_text: 'Other words' })).status).toBe(200);
    expect((await set({ consent_version: '1' })).status).toBe(200);
    for (const text of ['New words', null]) {
      const refused = await set({ consent_text: text, consent_version: '1' });
      expect(await refusedFields(expect, refused)).toEqual({ consent_version: 'version_reused' });
    }
    expect((await set({ consent_text: 'Other words', name: 'B' })).status).toBe(200);
    expect((await set({ consent_text: 'New words', consent_version: '2' })).status).toBe(200);
  });

  it('keeps a list public while a form signs people up to it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeList(key);
    const form = await newsletterForm(id);
    await expectProblem(expect, await change(key, id, { visibility: 'private' }), 409, 'conflict');
    expect((await change(key, id, { name: 'B' })).status).toBe(200);
    await call(`/v1/forms/${form}`, { method: 'DELETE', key });
    expect((await change(key, id, { visibility: 'private' })).status).toBe(200);
  });
});

describe('DELETE /v1/lists/{id}', () => {
  it('deletes a list that nobody was on, with the answers that quote it', async ({ expect }) => {
    const { id: actor, key } = await makeSecretKey();
    const name = randomWord();
    const made = { key, json: { name }, headers: { 'Idempotency-Key': name } };
    const { id } = await (await call('/v1/lists', made)).json<ListJson>();
    const stale = await remove(key, id, { 'If-Match': '"2"' });
    await expectProblem(expect, stale, 412, 'precondition_failed');
    expect((await remove(key, id, { 'If-Match': '"1"' })).status).toBe(204);
    await expectProblem(expect, await remove(key, id), 404, 'not_found');
    await expectProblem(expect, await call('/v1/lists', made), 409, 'conflict');
    const detail = { name };
    expect((await actsOn(id)).slice(1)).toEqual([{ action: 'list.deleted', actor, detail }]);
  });

  it('is refused while a form points to it, or where anybody is or was on it', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const refused = async (id: string) => {
      const problem = await expectProblem(expect, await remove(key, id), 409, 'conflict');
      expect(problem.detail).toMatch(/private/);
    };
    const [pointed, joined, left] = [
      ...[await makeList(key), await makeList(key), await makeList(key)],
    ] as [ListJson, ListJson, ListJson];
    const form = await newsletterForm(pointed.id);
    await refused(pointed.id);
    await call(`/v1/forms/${form}`, { method: 'DELETE', key });
    expect((await remove(key, pointed.id)).status).toBe(204);
    for (const { id: list_id } of [joined, left]) {
      await call('/v1/subscribers', { key, json: { email: makePerson().email, list_id } });
    }
    await refused(joined.id);
    // The evidence outlives the person.
    await runSql(sql`DELETE FROM subscribers WHERE id IN
      (SELECT subscriber_id FROM subscriptions WHERE list_id = ${left.id})`);
    await refused(left.id);
    await refused('list_newsletter');
  });
});

describe('the words of a list', () => {
  it('are evidence of each sign-up that brings none of its own, with their hash', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeList(key, { consent_text: 'I want news.', consent_version: '1' });
    const signUp = (more: object) =>
      call('/v1/subscribers', { key, json: { email: makePerson().email, list_id: id, ...more } });
    await signUp({});
    await change(key, id, { name: 'Other' });
    await signUp({});
    await change(key, id, { consent_text: 'I want more.', consent_version: '2' });
    await signUp({});
    await signUp({ consent: { text: 'Words of a page' } });
    const hashes = ['I want news.', 'I want news.', 'I want more.', 'Words of a page'];
    const ledger = sql`SELECT text, text_hash FROM consents WHERE list_id = ${id} ORDER BY id`;
    expect(await rowsOf(operator, ledger)).toEqual(
      await Promise.all(hashes.map(async (text) => ({ text, text_hash: await sha256(text) }))),
    );
  });
});

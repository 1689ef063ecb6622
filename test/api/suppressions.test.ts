import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { SubscriberJson } from '../../src/subscribers/contract.ts';
import type { SuppressionJson } from '../../src/suppressions/contract.ts';
import { faulty } from '../support/faults.ts';
import { call, callWith, makeSecretKey } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { actsOn, hashOf, makeList, makeUsedKey, readList, runSql, suppress } from './data.ts';

const listed = async (key: string, query: Record<string, string>) =>
  (await readList<SuppressionJson>('/v1/suppressions', key, query)).data;

const block = (key: string, json: object) => call('/v1/suppressions', { key, json });

const lift = (key: string, query: Record<string, string>) =>
  call(`/v1/suppressions?${new URLSearchParams(query)}`, { method: 'DELETE', key });

describe('POST /v1/suppressions', () => {
  it('blocks an address once, for all lists', async ({ expect }) => {
    const { id: actor, key } = await makeSecretKey();
    const { email } = makePerson();
    const first = await block(key, { email: email.toUpperCase() });
    const row = {
      ...{ subject: await hashOf(email), list_id: null, reason: 'blocked', actor },
      created_at: expect.stringMatching(/Z$/),
    };
    const made = await first.json();
    expect([first.status, made]).toEqual([201, row]);
    const again = await block(key, { email });
    expect([again.status, await again.json()]).toEqual([200, made]);
    expect(await listed(key, { email })).toEqual([made]);
    const detail = { list_id: null, reason: 'blocked' };
    expect(await actsOn(row.subject)).toEqual([{ action: 'suppression.added', actor, detail }]);
    expect((await call('/v1/subscribers', { key, json: { email } })).status).toBe(409);
  });

  it('ends the subscriptions that it is about, and lifting it brings none back', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const [one, other] = [await makeList(), await makeList()];
    await runSql(sql`UPDATE lists SET opt_in = 'single' WHERE id IN (${one}, ${other})`);
    const { email } = makePerson();
    for (const list_id of [one, other]) {
      await call('/v1/subscribers', { key, json: { email, list_id } });
    }
    const states = async () => {
      const { data } = await readList<SubscriberJson>('/v1/subscribers', key, { email });
      const found = data.flatMap(({ subscriptions }) => subscriptions);
      return Object.fromEntries(found.map(({ list_id, state }) => [list_id, state]));
    };
    expect((await block(key, { email, list_id: one })).status).toBe(201);
    expect(await states()).toEqual({ [one]: 'unsubscribed', [other]: 'active' });
    expect((await block(key, { email })).status).toBe(201);
    expect(await states()).toEqual({ [one]: 'unsubscribed', [other]: 'unsubscribed' });
    for (const query of [{ email }, { email, list_id: one }]) {
      expect((await lift(key, query)).status).toBe(204);
    }
    expect(await states()).toEqual({ [one]: 'unsubscribed', [other]: 'unsubscribed' });
    expect((await listed(key, { email })).map(({ reason }) => reason)).toEqual([
      ...['unsubscribed', 'unsubscribed'],
    ]);
  });

  it('ends what a sign-up began meanwhile when it is repeated', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const list_id = await makeList();
    const { email } = makePerson();
    await call('/v1/subscribers', { key, json: { email, list_id } });
    await suppress(email, 'blocked');
    expect((await block(key, { email })).status).toBe(200);
    const { data } = await readList<SubscriberJson>('/v1/subscribers', key, { email });
    expect(data[0]?.subscriptions).toMatchObject([{ state: 'unsubscribed' }]);
  });

  it('is carried out once where the answer of the database is lost', async ({ expect }) => {
    const key = await makeUsedKey();
    const { email } = makePerson();
    const list_id = await makeList();
    const ask = (method: string, path: string, json?: object) => {
      const bindings = { TURSO_DATABASE_URL: `${faulty('database', 'write-lost-answer').url}/` };
      return callWith(bindings, path, { method, key, ...(json === undefined ? {} : { json }) });
    };
    expect((await ask('POST', '/v1/suppressions', { email, list_id })).status).toBe(201);
    const query = new URLSearchParams({ email, list_id });
    expect((await ask('DELETE', `/v1/suppressions?${query}`)).status).toBe(204);
    expect((await actsOn(await hashOf(email))).map(({ action }) => action)).toEqual([
      ...['suppression.added', 'suppression.removed'],
    ]);
  });

  it.for([
    ['no address', {}, { email: 'required' }],
    ['what is none', { email: 'ada' }, { email: 'invalid_email' }],
    ['a list that is none', { email: 'a@b.example', list_id: 'list_x' }, { list_id: 'not_found' }],
    ['a reason', { email: 'a@b.example', reason: 'erased' }, { reason: 'unknown_field' }],
  ] as const)('refuses %s', async ([, json, errors], { expect }) => {
    const { key } = await makeSecretKey();
    expect(await refusedFields(expect, await block(key, json))).toEqual(errors);
  });
});

describe('DELETE /v1/suppressions', () => {
  it('lifts what is blocked, and all else by its name alone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { email } = makePerson();
    const reasons = ['unsubscribed', 'complained', 'bounced', 'erased'] as const;
    for (const reason of reasons) await suppress(email, reason);
    await expectProblem(expect, await lift(key, { email }), 404, 'not_found');
    for (const reason of reasons) {
      expect((await lift(key, { email, reason })).status).toBe(204);
      await expectProblem(expect, await lift(key, { email, reason }), 404, 'not_found');
    }
    expect(await listed(key, { email })).toEqual([]);
    expect(await actsOn(await hashOf(email))).toMatchObject(
      reasons.map((reason) => ({
        action: 'suppression.removed',
        detail: { list_id: null, reason },
      })),
    );
  });

  it('means one list or all of them, as it says', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { email } = makePerson();
    await suppress(email, 'blocked');
    await suppress(email, 'blocked', 'list_gone');
    await lift(key, { email, list_id: 'list_gone' });
    expect((await listed(key, { email })).map(({ list_id }) => list_id)).toEqual([null]);
  });
});

describe('GET /v1/suppressions', () => {
  it('comes in pages, newest first, also where many are of one moment', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { email } = makePerson();
    const lists = ['list_a', 'list_b', 'list_c', 'list_d', 'list_e'];
    for (const list of lists) await suppress(email, 'bounced', list);
    await runSql(sql`UPDATE suppressions SET created_at = 2
      WHERE list_id = 'list_a' AND subject_hash = ${await hashOf(email)}`);
    const walked: (string | null)[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: Record<string, string> = cursor === '' ? {} : { cursor };
      const query = { email, limit: '2', ...more };
      const { data, page } = await readList<SuppressionJson>('/v1/suppressions', key, query);
      walked.push(...data.map(({ list_id }) => list_id));
      cursor = page.next_cursor;
    }
    expect(walked).toEqual(['list_a', 'list_e', 'list_d', 'list_c', 'list_b']);
  });

  it('filters by reason and list, and shows no address', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { email } = makePerson();
    const list_id = await makeList();
    await suppress(email, 'bounced', list_id);
    await suppress(email, 'complained', list_id);
    const [row, ...others] = await listed(key, { list_id, reason: 'complained' });
    expect([row?.subject, others]).toEqual([await hashOf(email), []]);
    expect(await listed(key, { list_id })).toHaveLength(2);
    expect(await listed(key, { list_id, reason: 'erased' })).toEqual([]);
    expect(JSON.stringify(await listed(key, {}))).not.toContain('@');
  });

  it.for([
    ['reason=gone', 'reason'],
    ['email=nobody', 'email'],
    ['subject=x', 'subject'],
  ])('refuses %s', async ([query, field = ''], { expect }) => {
    const { key } = await makeSecretKey();
    const response = await call(`/v1/suppressions?${query}`, { key });
    expect(Object.keys(await refusedFields(expect, response))).toEqual([field]);
  });

  it('is not confused by a cursor that nobody gave', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const cursor = btoa('["suppressions",5,"abc"]').replaceAll('=', '');
    expect((await call(`/v1/suppressions?cursor=${cursor}`, { key })).status).toBe(200);
  });
});

import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { call, makeSecretKey } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeList, runSql } from './data.ts';
import { actsOf, readCsv, readNdjson } from './exports.ts';

/** Signs somebody up to a list. */
async function signUp(key: string, list_id: string) {
  const { email, full_name } = makePerson();
  await call('/v1/subscribers', { key, json: { email, full_name, list_id } });
  return { email, full_name };
}

/** An export of subscribers as it comes. */
async function exportText(key: string, query: Record<string, string>): Promise<string> {
  const response = await call(`/v1/subscribers/export?${new URLSearchParams(query)}`, { key });
  return response.text();
}

describe('GET /v1/subscribers/export', () => {
  it('has a row for each, and what they are on the list that is asked for', async ({ expect }) => {
    const { id: keyId, key } = await makeSecretKey();
    const [list, other] = [await makeList(), await makeList()];
    const ada = await signUp(key, list);
    await call('/v1/subscribers', { key, json: { email: ada.email, list_id: other } });
    const bob = await signUp(key, list);
    await runSql(sql`UPDATE subscribers SET language = 'de', tags = '["vip","=x","a b"]',
      attributes = '{"city":"Köln","=":"=1"}', created_at = 0 WHERE email = ${ada.email}`);
    await runSql(sql`UPDATE subscriptions SET state = 'active', updated_at = 86400000
      WHERE list_id = ${list} AND subscriber_id = (SELECT id FROM subscribers WHERE email = ${ada.email})`);

    const rows = readCsv(await exportText(key, { list_id: list }));
    expect(rows.map((row) => row['email'])).toEqual([bob.email, ada.email]);
    expect(rows[1]).toEqual({
      id: expect.stringMatching(/^sbr_/),
      ...ada,
      language: 'de',
      tags: "vip;'=x;a b",
      attributes: '{"city":"Köln","=":"=1"}',
      subscriptions: expect.any(String),
      created_at: '1970-01-01T00:00:00.000Z',
      updated_at: expect.stringMatching(/Z$/),
      state: 'active',
      state_since: '1970-01-02T00:00:00.000Z',
    });
    expect(rows[1]?.['subscriptions']?.split(';').toSorted()).toEqual(
      [`${list}:active`, `${other}:pending`].toSorted(),
    );
    expect(rows[0]).toMatchObject({ state: 'pending', language: '', tags: '', attributes: '{}' });
    expect((await actsOf(keyId)).at(-1)).toEqual({
      action: 'subscribers.exported',
      detail: JSON.stringify({ format: 'csv', filters: ['list_id'] }),
    });

    const active = readCsv(await exportText(key, { list_id: list, state: 'active' }));
    expect(active.map((row) => row['email'])).toEqual([ada.email]);
    const [alone] = readCsv(await exportText(key, { email: bob.email }));
    expect(alone).toMatchObject(bob);
    expect(Object.keys(alone ?? {})).not.toContain('state');
  });

  it('is NDJSON as the API shows them', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const list_id = await makeList();
    await signUp(key, list_id);
    const [line] = readNdjson(await exportText(key, { list_id, format: 'ndjson' }));
    const listed = await call(`/v1/subscribers?list_id=${list_id}`, { key });
    expect([line]).toEqual(((await listed.json()) as { data: unknown[] }).data);
  });

  it('has every row once through all of its pages', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const list_id = await makeList();
    const word = randomWord();
    await runSql(sql`
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1003)
      INSERT INTO subscribers (id, email, email_key, created_at, updated_at)
      SELECT format('sbr_%s%05d', ${word}, n), format('%s%d@a.example', ${word}, n),
        format('%s%d@a.example', ${word}, n), n, n FROM numbers`);
    await runSql(sql`INSERT INTO subscriptions (subscriber_id, list_id, state, created_at, updated_at)
      SELECT id, ${list_id}, 'active', 1, 1 FROM subscribers WHERE id LIKE ${`sbr_${word}%`}`);
    const rows = readCsv(await exportText(key, { list_id, state: 'active' }));
    expect(new Set(rows.map((row) => row['id'])).size).toBe(1_003);
    expect(rows).toHaveLength(1_003);
    const { key: blind } = await makeSecretKey(['leads:read']);
    const refused = await call('/v1/subscribers/export', { key: blind });
    await expectProblem(expect, refused, 403, 'insufficient_scope');
    const bad = await call('/v1/subscribers/export?format=xml', { key });
    expect(await refusedFields(expect, bad)).toEqual({ format: 'invalid_value' });
  });
});

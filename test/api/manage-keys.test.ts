import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { KeyJson } from '../../src/keys/contract.ts';
import { mintKey } from '../../src/keys/key-format.ts';
import { call, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { rememberAsPersonal } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { readList, runSql } from './data.ts';

const listKeys = (key: string, query: Record<string, string> = {}) =>
  readList<KeyJson>('/v1/keys', key, query);

const revoke = (key: string, id: string) => call(`/v1/keys/${id}`, { method: 'DELETE', key });

const verify = (key: string, presented: unknown) =>
  call('/v1/keys/verify', { key, json: { key: presented } });

describe('GET /v1/keys', () => {
  it('lists keys newest first, revoked ones too, never the keys themselves', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [older, newer] = [await makeSecretKey(), await makeForm()];
    await runSql(sql`UPDATE api_keys SET created_at = created_at - 1 WHERE id = ${older.id}`);
    await revoke(key, older.id);
    const response = await call('/v1/keys?limit=200', { key });
    const text = await response.text();
    expect(text).not.toMatch(/inlet_[ps]k_(test|live)_[0-9A-Za-z]|hash/);
    const { data } = JSON.parse(text) as { data: KeyJson[] };
    const mine = data.filter(({ id }) => [older.id, newer.id].includes(id));
    expect(mine.map(({ id, revoked_at }) => [id, revoked_at === null])).toEqual([
      [newer.id, true],
      [older.id, false],
    ]);
  });

  it('comes in pages', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const at = Math.floor(Math.random() * Date.parse('2010-01-01T00:00:00Z'));
    const made = [await makeSecretKey(), await makeSecretKey(), await makeSecretKey()];
    const ids = made
      .map(({ id }) => id)
      .toSorted()
      .toReversed();
    for (const id of ids)
      await runSql(sql`UPDATE api_keys SET created_at = ${at} WHERE id = ${id}`);
    const walked: string[] = [];
    let cursor = btoa(JSON.stringify(['keys', at + 1, 'key_']));
    for (let page = 1; page <= 2; page += 1) {
      const list = await listKeys(key, { limit: '2', cursor });
      walked.push(...list.data.map(({ id }) => id));
      cursor = list.page.next_cursor ?? '';
    }
    expect(walked.slice(0, 3)).toEqual(ids);
  });

  it('takes no filter, and no cursor of another list', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const filtered = await call('/v1/keys?kind=secret', { key });
    expect(await refusedFields(expect, filtered)).toEqual({ kind: 'unknown_field' });
    const foreign = await call(`/v1/keys?cursor=${btoa('["events",5,"evt_a"]')}`, { key });
    await expectProblem(expect, foreign, 400, 'invalid_cursor');
  });
});

describe('GET /v1/keys/{id}', () => {
  it('shows a key by its hint, never the key itself', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const other = await makeSecretKey(['leads:read']);
    const response = await call(`/v1/keys/${other.id}`, { key });
    const shown = await response.json<KeyJson>();
    const { data } = await listKeys(key, { limit: '200' });
    expect(data).toContainEqual(shown);
    expect(shown).toMatchObject({
      id: other.id,
      hint: `inlet_sk_test_…${other.key.slice(-4)}`,
      scopes: ['leads:read'],
    });
    expect(JSON.stringify(shown)).not.toContain(other.key);
    expect(Object.keys(shown)).not.toContain('hash');
  });

  it('knows no key that is not there', async ({ expect }) => {
    const { key } = await makeSecretKey();
    await expectProblem(expect, await call('/v1/keys/key_none', { key }), 404, 'not_found');
    await expectProblem(expect, await revoke(key, 'key_none'), 404, 'not_found');
  });
});

describe('DELETE /v1/keys/{id}', () => {
  it('stops a key at once, also one that was just in use', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const other = await makeSecretKey();
    expect((await call('/v1/leads', { key: other.key })).status).toBe(200);
    const response = await revoke(key, other.id);
    expect(response.status).toBe(204);
    await expectProblem(expect, await call('/v1/leads', { key: other.key }), 401, 'revoked_key');
    const shown = await (await call(`/v1/keys/${other.id}`, { key })).json<KeyJson>();
    expect(shown.revoked_at).toMatch(/Z$/);
  });

  it('changes nothing the second time, and is noted once', async ({ expect }) => {
    const { id: actor, key } = await makeSecretKey();
    const other = await makeSecretKey();
    await revoke(key, other.id);
    await runSql(sql`UPDATE api_keys SET revoked_at = 5 WHERE id = ${other.id}`);
    expect((await revoke(key, other.id)).status).toBe(204);
    const shown = await (await call(`/v1/keys/${other.id}`, { key })).json<KeyJson>();
    expect(shown.revoked_at).toBe(new Date(5).toISOString());
    const acts = await rowsOf(
      operator,
      sql`SELECT actor FROM audit_log WHERE target_id = ${other.id} AND action = 'key.revoked'`,
    );
    expect(acts).toEqual([{ actor }]);
  });

  it('lets a key revoke itself', async ({ expect }) => {
    const { id, key } = await makeSecretKey();
    expect((await revoke(key, id)).status).toBe(204);
    await expectProblem(expect, await call('/v1/keys', { key }), 401, 'revoked_key');
  });
});

describe('POST /v1/keys/verify', () => {
  it('says whose a good key is and what it may do', async ({ expect }) => {
    const { key } = await makeSecretKey(['keys:read']);
    const secret = await makeSecretKey(['leads:read']);
    const form = await makeForm({ origins: ['https://shop.example'] });
    expect(await (await verify(key, secret.key)).json()).toEqual({
      valid: true,
      id: secret.id,
      kind: 'secret',
      scopes: ['leads:read'],
      origins: [],
      form_id: null,
    });
    expect(await (await verify(key, form.key)).json()).toEqual({
      valid: true,
      id: form.id,
      kind: 'publishable',
      scopes: [],
      origins: ['https://shop.example'],
      form_id: form.formId,
    });
  });

  it('says why a key is not good', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [revoked, expired, unknown] = [
      await makeSecretKey(),
      await makeSecretKey(),
      mintKey('secret', 'test'),
    ];
    rememberAsPersonal(unknown);
    await revoke(key, revoked.id);
    await runSql(sql`UPDATE api_keys SET expires_at = 5 WHERE id = ${expired.id}`);
    const answers: [presented: string, reason: string, id: string | null][] = [
      [revoked.key, 'revoked_key', revoked.id],
      [expired.key, 'expired_key', expired.id],
      [unknown, 'invalid_key', null],
      ['hello', 'invalid_key', null],
    ];
    for (const [presented, reason, id] of answers) {
      const response = await verify(key, presented);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ valid: false, reason, id });
    }
  });

  it('needs a key to verify', async ({ expect }) => {
    const { key } = await makeSecretKey();
    expect(await refusedFields(expect, await verify(key, undefined))).toEqual({ key: 'required' });
    expect(await refusedFields(expect, await verify(key, 5))).toEqual({ key: 'invalid_type' });
    const long = await verify(key, 'a'.repeat(201));
    expect(await refusedFields(expect, long)).toEqual({ key: 'too_long' });
  });
});

import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { KeyJson, Scope } from '../../src/keys/contract.ts';
import { readMode } from '../../src/keys/key-format.ts';
import { call, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { rememberAsPersonal } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';

type IssuedKey = KeyJson & { key: string };

const secret = { name: 'Shop', kind: 'secret', scopes: ['leads:read'] };

async function issue(key: string, json: unknown): Promise<IssuedKey> {
  const response = await call('/v1/keys', { key, json });
  const issued = await response.json<IssuedKey>();
  rememberAsPersonal(issued.key);
  return issued;
}

/** Asks for a key in a way that can be repeated. */
const postOnce = (key: string, json: unknown) =>
  call('/v1/keys', { key, json, headers: { 'Idempotency-Key': 'once' } });

describe('POST /v1/keys', () => {
  it('issues a secret key that works at once, and shows it this once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const expires_at = '2999-01-01T00:00:00.000Z';
    const json = { ...secret, origins: ['https://shop.example'], rate_limit: '5/1m', expires_at };
    const response = await call('/v1/keys', { key, json });
    expect(response.status).toBe(201);
    const issued = await response.json<IssuedKey>();
    rememberAsPersonal(issued.key);
    expect(response.headers.get('Location')).toBe(`/v1/keys/${issued.id}`);
    expect(issued).toEqual({
      ...json,
      id: expect.stringMatching(/^key_/),
      key: expect.stringMatching(/^inlet_sk_test_[0-9A-Za-z]{38}$/),
      mode: 'test',
      hint: `inlet_sk_test_…${issued.key.slice(-4)}`,
      form_id: null,
      revoked_at: null,
      last_used_at: null,
      created_at: expect.stringMatching(/Z$/),
    });
    const headers = { Origin: 'https://shop.example' };
    expect((await call('/v1/leads', { key: issued.key, headers })).status).toBe(200);
  });

  it('issues a publishable key bound to a form', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { formId } = await makeForm();
    const issued = await issue(key, { name: 'Shop', kind: 'publishable', form_id: formId });
    expect(issued).toMatchObject({ kind: 'publishable', scopes: [], form_id: formId });
    expect(issued.key).toMatch(/^inlet_pk_test_/);
    expect(readMode(issued.key)).toBe('test');
  });

  it('keeps nothing of a key but its hash and last four characters', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const issued = await issue(key, secret);
    const rows = await rowsOf<Record<string, unknown>>(
      operator,
      sql`SELECT * FROM api_keys WHERE id = ${issued.id}`,
    );
    expect(rows[0]).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      last_four: issued.key.slice(-4),
    });
    expect(JSON.stringify(rows)).not.toContain(issued.key.slice(-10));
  });

  it('is noted in the audit log, without the key', async ({ expect }) => {
    const { id, key } = await makeSecretKey();
    const issued = await issue(key, secret);
    const rows = await rowsOf<{ action: string; actor: string; detail: string }>(
      operator,
      sql`SELECT action, actor, detail FROM audit_log WHERE target_id = ${issued.id}`,
    );
    const detail = JSON.stringify({ kind: 'secret', scopes: ['leads:read'] });
    expect(rows).toEqual([{ action: 'key.issued', actor: id, detail }]);
  });

  it('passes on no scope that the issuing key lacks', async ({ expect }) => {
    const granted: Scope[] = ['keys:write', 'leads:read'];
    const { key } = await makeSecretKey(granted);
    const scopes = ['leads:read', 'leads:write'];
    const response = await call('/v1/keys', { key, json: { ...secret, scopes } });
    const problem = await expectProblem(expect, response, 403, 'insufficient_scope');
    expect(problem.detail).toContain('leads:write');
    expect((await issue(key, { ...secret, scopes: granted })).scopes).toEqual(granted);
  });

  const refused: [name: string, body: Record<string, unknown>, errors: Record<string, string>][] = [
    ['no kind', { kind: undefined }, { kind: 'invalid_union' }],
    ['an unknown kind', { kind: 'master' }, { kind: 'invalid_union' }],
    ['no name', { name: ' ' }, { name: 'too_short' }],
    ['no scope', { scopes: [] }, { scopes: 'too_small' }],
    ['an unknown scope', { scopes: ['leads:*'] }, { 'scopes.0': 'invalid_value' }],
    [
      'an expiry in the past',
      { expires_at: '2020-01-01T00:00:00Z' },
      { expires_at: 'in_the_past' },
    ],
    ['an expiry that is no time', { expires_at: 'soon' }, { expires_at: 'invalid_format' }],
    ['a rate that is none', { rate_limit: 'often' }, { rate_limit: 'invalid_rate' }],
    [
      'an origin with a path',
      { origins: ['https://shop.example/a'] },
      { 'origins.0': 'invalid_origin' },
    ],
    ['an origin of *', { origins: ['*'] }, { 'origins.0': 'invalid_origin' }],
    ['a form for a secret key', { form_id: 'form_a' }, { form_id: 'unknown_field' }],
    ['a key of its own choice', { key: 'mine' }, { key: 'unknown_field' }],
    [
      'a form that is none',
      { kind: 'publishable', scopes: undefined, form_id: 'form_none' },
      { form_id: 'not_found' },
    ],
  ];
  for (const [name, body, errors] of refused) {
    it(`refuses ${name}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const response = await call('/v1/keys', { key, json: { ...secret, ...body } });
      expect(await refusedFields(expect, response)).toEqual(errors);
    });
  }
});

describe('POST /v1/keys with an Idempotency-Key', () => {
  it('refuses a repeat, since the key was shown once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const issued = await (await postOnce(key, secret)).json<IssuedKey>();
    rememberAsPersonal(issued.key);
    const problem = await expectProblem(expect, await postOnce(key, secret), 409, 'conflict');
    expect(problem.detail).toContain(issued.id);
    expect(JSON.stringify(problem)).not.toContain('inlet_sk_');

    const rows = await rowsOf<Record<string, unknown>>(
      operator,
      sql`SELECT body FROM idempotency_keys WHERE resource_id = ${issued.id}`,
    );
    expect(rows).toEqual([{ body: null }]);
  });

  it('refuses another body', async ({ expect }) => {
    const { key } = await makeSecretKey();
    await postOnce(key, secret);
    const response = await postOnce(key, { ...secret, name: 'Other' });
    await expectProblem(expect, response, 422, 'idempotency_key_reused');
  });

  it('issues one key when ten ask at the same moment', async ({ expect }) => {
    const { id, key } = await makeSecretKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => postOnce(key, secret)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(9);
    const rows = await rowsOf(operator, sql`SELECT id FROM api_keys WHERE created_by = ${id}`);
    expect(rows).toHaveLength(1);
  });
});

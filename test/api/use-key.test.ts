import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { keyedHash } from '../../src/lib/hashing.ts';
import { faulty } from '../support/faults.ts';
import { call, callWith, makeSecretKey, operator } from '../support/harness.ts';
import { rowsOf } from '../support/rows.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { expectProblem } from './answers.ts';
import { runSql } from './data.ts';

const hour = 3_600_000;

async function readKeyRow(id: string): Promise<{ hash?: string; last_used_at?: number | null }> {
  const query = sql`SELECT hash, last_used_at FROM api_keys WHERE id = ${id}`;
  const [row] = await rowsOf<{ hash: string; last_used_at: number | null }>(operator, query);
  return row ?? {};
}

describe('a key with a rate of its own', () => {
  it('is held to it, and told when to come back', async ({ expect }) => {
    const { id, key } = await makeSecretKey(['leads:read'], { rate_limit: '2/1d' });
    for (const left of [1, 0]) {
      const response = await call('/v1/leads', { key });
      expect(response.status).toBe(200);
      expect(response.headers.get('RateLimit-Policy')).toBe('"api";q=2;w=86400');
      expect(response.headers.get('RateLimit')).toMatch(new RegExp(`^"api";r=${left};t=\\d+$`));
    }
    const refused = await call('/v1/leads', { key });
    await expectProblem(expect, refused, 429, 'rate_limited');
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(0);
    expect(refused.headers.get('RateLimit')).toBe(`"api";r=0;t=${seconds}`);
    expect(loggedOfKind('security')).toMatchObject([{ event: 'limit_exceeded', reason: 'api' }]);
    expect(loggedOfKind('request').at(-1)).toMatchObject({ status: 429, key_id: id });
  });

  it('spends nothing of any other key', async ({ expect }) => {
    const [one, other] = [
      await makeSecretKey(['leads:read'], { rate_limit: '1/1d' }),
      await makeSecretKey(['leads:read'], { rate_limit: '1/1d' }),
    ];
    await call('/v1/leads', { key: one.key });
    expect((await call('/v1/leads', { key: one.key })).status).toBe(429);
    expect((await call('/v1/leads', { key: other.key })).status).toBe(200);
  });
});

describe('the time of a key’s last use', () => {
  it('is noted at most once an hour', async ({ expect }) => {
    const { id, key } = await makeSecretKey();
    const useColdly = () => callWith({}, '/v1/leads?limit=1', { key });
    const startedAt = Date.now();
    expect((await readKeyRow(id)).last_used_at).toBeNull();
    await useColdly();
    expect((await readKeyRow(id)).last_used_at).toBeGreaterThanOrEqual(startedAt);

    const recent = Date.now() - hour + 60_000;
    await runSql(sql`UPDATE api_keys SET last_used_at = ${recent} WHERE id = ${id}`);
    await useColdly();
    expect((await readKeyRow(id)).last_used_at).toBe(recent);

    await runSql(sql`UPDATE api_keys SET last_used_at = ${Date.now() - hour - 1} WHERE id = ${id}`);
    await useColdly();
    expect((await readKeyRow(id)).last_used_at).toBeGreaterThanOrEqual(startedAt);
  });

  it('costs one write, however many isolates look the key up within the hour', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const database = faulty('database', 'write-none');
    for (let isolate = 0; isolate < 4; isolate += 1) {
      const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
      expect((await callWith(bindings, '/v1/leads?limit=1', { key })).status).toBe(200);
    }
    expect(await database.seen()).toHaveLength(1);
  });

  it('is not noted for a key that was refused', async ({ expect }) => {
    const { id } = await makeSecretKey();
    await callWith({}, '/v1/leads', { key: `inlet_sk_test_${'a'.repeat(38)}` });
    expect((await readKeyRow(id)).last_used_at).toBeNull();
  });
});

describe('a key from before APP_SECRET was changed', () => {
  const current = 'uN4vR8xT2mK6pW0sZ5yB9dF3gH7jL1qC8eA4iO6tX2r';

  it('works while the old secret is still known, and is hashed anew', async ({ expect }) => {
    const previous = operator.config.secrets[0];
    const { id, key } = await makeSecretKey(['leads:read']);
    const rotating = { APP_SECRET: current, APP_SECRET_PREVIOUS: previous };
    expect((await callWith(rotating, '/v1/leads?limit=1', { key })).status).toBe(200);
    expect((await readKeyRow(id)).hash).toBe(await keyedHash(current, 'api-key', key));

    const rotated = { APP_SECRET: current };
    expect((await callWith(rotated, '/v1/leads?limit=1', { key })).status).toBe(200);
  });

  it('does not work once the old secret is gone, unless it was used meanwhile', async ({
    expect,
  }) => {
    const { id, key } = await makeSecretKey(['leads:read']);
    const response = await callWith({ APP_SECRET: current }, '/v1/leads', { key });
    await expectProblem(expect, response, 401, 'invalid_key');
    expect((await readKeyRow(id)).last_used_at).toBeNull();
  });

  it('keeps its hash while nothing is rotated', async ({ expect }) => {
    const { id, key } = await makeSecretKey(['leads:read']);
    const { hash } = await readKeyRow(id);
    expect((await callWith({ ...env }, '/v1/leads?limit=1', { key })).status).toBe(200);
    expect((await readKeyRow(id)).hash).toBe(hash);
  });
});

import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { describe, it, type ExpectStatic } from 'vitest';
import { outbox } from '../../drizzle/outbox.ts';
import { createApp } from '../../src/app.ts';
import { createDepsFactory } from '../../src/deps.ts';
import { parseEnv } from '../../src/env.ts';
import { ourLimits } from '../../src/lib/delivery-outcome.ts';
import { hourMs } from '../../src/lib/units.ts';
import { selectWaiting } from '../../src/outbox/queries.ts';
import type { OutboxRow } from '../../src/outbox/statements.ts';
import type { Statement } from '../../src/platform/database.ts';
import { closedPort, encoded, faulty } from '../support/faults.ts';
import { call, callWith, operator, origin } from '../support/harness.ts';
import { randomWord } from '../support/people.ts';
import { expectProblem, expectSecurityHeaders } from './answers.ts';

const fine = { configuration: 'ok', database: 'ok', migrations: 'ok', redis: 'ok', outbox: 'ok' };
/** Other tests send as well. */
const waiting = (expect: ExpectStatic) => ({
  oldest_seconds: expect.any(Number) as number,
  dead: expect.any(Number) as number,
});
const version = parseEnv(env).versionId;

describe('/health', () => {
  for (const path of ['/health', '/health/', '/health?probe=1']) {
    it(`says that all is well, and which version runs: GET ${path}`, async ({ expect }) => {
      const response = await call(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('Content-Type')).toBe('application/json');
      expect(await response.json()).toEqual({
        status: 'ok',
        checks: fine,
        outbox: waiting(expect),
        version,
      });
      expectSecurityHeaders(expect, response);
    });
  }

  for (const path of ['/health', '/health/', '/health/live', '/health/live/']) {
    it(`answers HEAD ${path} without a body`, async ({ expect }) => {
      const response = await call(path, { method: 'HEAD' });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('');
    });
  }

  it('answers GET and HEAD only', async ({ expect }) => {
    const response = await call('/health', { method: 'POST' });
    await expectProblem(expect, response, 405, 'method_not_allowed');
    expect(response.headers.get('Allow')).toBe('GET, HEAD');
  });

  it('is degraded, but up, without Redis', async ({ expect }) => {
    const response = await callWith(
      { UPSTASH_REDIS_REST_URL: faulty('redis', 'status-500').url },
      '/health',
    );
    expect(response.status).toBe(200);
    const checks = { ...fine, redis: 'failed' };
    expect(await response.json()).toEqual({
      status: 'degraded',
      checks,
      outbox: waiting(expect),
      version,
    });
  });

  it('is down without the database, and says so to HEAD too', async ({ expect }) => {
    const away = { TURSO_DATABASE_URL: faulty('database', 'status-500').url };
    const response = await callWith(away, '/health');
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('5');
    const checks = { ...fine, database: 'failed', migrations: 'failed', outbox: 'failed' };
    expect(await response.json()).toEqual({ status: 'down', checks, outbox: null, version });
    expect((await callWith(away, '/health', { method: 'HEAD' })).status).toBe(503);
  });

  it('is down when nothing answers at all, within 3 s', async ({ expect }) => {
    const startedAt = Date.now();
    const response = await callWith(
      {
        TURSO_DATABASE_URL: faulty('database', 'hang').url,
        UPSTASH_REDIS_REST_URL: faulty('redis', 'hang').url,
      },
      '/health',
    );
    expect(response.status).toBe(503);
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });

  it('is down when the database lacks this version’s migrations', async ({ expect }) => {
    const column = { name: 'name', decltype: 'TEXT' };
    const execute = {
      type: 'ok',
      response: {
        type: 'execute',
        result: {
          cols: [column],
          rows: [[{ type: 'text', value: '0000_first_tables' }]],
          affected_row_count: 0,
          last_insert_rowid: null,
        },
      },
    };
    const close = { type: 'ok', response: { type: 'close' } };
    const answer = { baton: null, base_url: null, results: [execute, close] };
    const old = faulty('database', `body-${encoded(answer)}`);
    const response = await callWith({ TURSO_DATABASE_URL: `${old.url}/` }, '/health');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: 'down',
      checks: { ...fine, migrations: 'failed', outbox: expect.any(String) },
      version,
    });
  });

  it('asks again only when its answer is 2 s old', async ({ expect }) => {
    const redis = faulty('redis', 'none');
    const clock = { now: 1_000_000 };
    const openDeps = createDepsFactory(parseEnv({ ...env, UPSTASH_REDIS_REST_URL: redis.url }));
    const app = createApp((context, withinMs) => ({
      ...openDeps(context, withinMs),
      now: () => clock.now,
    }));
    const probesAt = async (now: number): Promise<number> => {
      clock.now = now;
      const request = new Request(new URL('/health', origin));
      expect((await app.fetch(request, env, createExecutionContext())).status).toBe(200);
      return (await redis.seen()).length;
    };
    expect(await probesAt(1_000_000)).toBe(1);
    expect(await probesAt(1_001_999)).toBe(1);
    expect(await probesAt(1_002_000)).toBe(2);
  });
});

describe('what waits to be sent', () => {
  const at = 1_000_000;
  /** When a row of an age before all others' is said to wait since; nobody else sees it. */
  const oldest = async (row: Partial<OutboxRow>) => {
    const id = `out_00000000000_${randomWord()}`;
    const whole = {
      ...{ id, topic: 'test', resourceId: id, payload: {}, createdAt: at },
      dueAt: at,
    };
    const [, found] = await operator.database.write((orm) => [
      orm.insert(outbox).values({ ...whole, ...row }),
      selectWaiting(orm) as unknown as Statement,
      orm.delete(outbox).where(eq(outbox.id, id)),
    ]);
    return (found as { oldestAt: number }[])[0]?.oldestAt;
  };

  it('has been waiting since it was made, whatever its pauses', async ({ expect }) => {
    expect(await oldest({})).toBe(at);
    const dueAt = Date.now() + hourMs;
    expect(await oldest({ dueAt, attempts: 1, lastError: 'status_503' })).toBe(at);
    expect(await oldest({ dueAt, lastError: 'daily_quota_exceeded' })).toBe(at);
  });

  it.for(ourLimits)('waits for no sender while it waits for %s', async (lastError, { expect }) => {
    const later = Date.now() + hourMs;
    expect(await oldest({ dueAt: later, lastError })).not.toBe(at);
    expect(await oldest({ dueAt: at + 5, lastError })).toBe(at + 5);
  });
});

describe('/health/live', () => {
  it('says that the Worker runs, even with everything else away', async ({ expect }) => {
    const away = { TURSO_DATABASE_URL: closedPort, UPSTASH_REDIS_REST_URL: closedPort };
    const response = await callWith(away, '/health/live');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok', version });
  });
});

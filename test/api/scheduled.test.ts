import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it, vi } from 'vitest';
import { idempotencyKeys } from '../../drizzle/idempotency.ts';
import { outbox } from '../../drizzle/outbox.ts';
import { ConfigError } from '../../src/env.ts';
import { AppError } from '../../src/errors.ts';
import { newId } from '../../src/lib/ids.ts';
import worker from '../../src/worker.ts';
import { closedPort, faulty, type Faulty } from '../support/faults.ts';
import { operator } from '../support/harness.ts';
import { rememberAsPersonal, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { loggedLines, loggedOfKind } from '../support/watch-logs.ts';

const task = 'purge_idempotency_keys';

/** Runs what the cron runs, under some bindings, and waits for what it does after. */
async function runCron(bindings: Record<string, unknown> = {}, cron = '17 * * * *'): Promise<void> {
  const context = createExecutionContext();
  try {
    await worker.scheduled(createScheduledController({ cron }), { ...env, ...bindings }, context);
  } finally {
    await waitOnExecutionContext(context);
  }
}

/** The DSN of a Sentry on this machine. */
function dsnOf(sentry: Faulty): string {
  return `${sentry.url.replace('http://', 'http://0123456789abcdef@')}/1`;
}

/** Keeps an answer until some milliseconds from now, and returns its key. */
async function keepAnswer(sender: string, expiresInMs: number): Promise<string> {
  const idempotencyKey = randomWord();
  const answer = {
    sender,
    idempotencyKey,
    fingerprint: '',
    resourceId: 'lead_a',
    status: 201 as const,
    body: null,
    expiresAt: Date.now() + expiresInMs,
  };
  await operator.database.write((orm) => [orm.insert(idempotencyKeys).values(answer)]);
  return idempotencyKey;
}

async function keptBy(sender: string): Promise<string[]> {
  const query = sql`SELECT idempotency_key AS kept FROM idempotency_keys WHERE sender = ${sender}`;
  return (await rowsOf<{ kept: string }>(operator, query)).map((row) => row.kept);
}

describe('the cron', () => {
  it('sends what is due every minute, and removes nothing then', async ({ expect }) => {
    const at = Date.now();
    const row = {
      ...{ id: newId('out', at), topic: 'lead_notification', resourceId: 'sub_of_nobody' },
      ...{ payload: {}, dueAt: at - 1, createdAt: at },
    };
    await operator.database.write((orm) => [orm.insert(outbox).values(row)]);
    await runCron({}, '* * * * *');
    const query = sql`SELECT state FROM outbox WHERE id = ${row.id}`;
    await vi.waitFor(async () =>
      expect(await rowsOf(operator, query)).toEqual([{ state: 'done' }]),
    );
    const tasks = loggedOfKind('task').map((line) => line['task']);
    expect(tasks).toEqual(['drain_outbox']);
  });

  it('removes what was sent long ago, and keeps what was given up', async ({ expect }) => {
    const at = Date.now() - 31 * 86_400_000;
    const made = (['done', 'dead', 'pending'] as const).map((state) => {
      const endedAt = state === 'pending' ? null : at;
      const row = { id: newId('out', at), topic: `test_${randomWord()}`, resourceId: 'sub_a' };
      // Not waiting for 31 days: the health of the service would tell.
      const createdAt = Date.now();
      return Object.assign(row, { payload: {}, dueAt: at, createdAt, state, endedAt });
    });
    await operator.database.write((orm) => [orm.insert(outbox).values(made)]);
    await runCron();
    const ids = made.map(({ id }) => id);
    const query = sql`SELECT state FROM outbox WHERE id IN (${ids[0]}, ${ids[1]}, ${ids[2]})`;
    const states = await rowsOf<{ state: string }>(operator, query);
    expect(states.map(({ state }) => state).toSorted()).toEqual(['dead', 'pending']);
  });

  it('removes the answers whose day is over, keeps the others and logs how many', async ({
    expect,
  }) => {
    const sender = `key_${randomWord()}`;
    await keepAnswer(sender, -1);
    await keepAnswer(sender, -86_400_000);
    const kept = await keepAnswer(sender, 60_000);
    await runCron();
    expect(await keptBy(sender)).toEqual([kept]);
    const [line, ...more] = loggedOfKind('task').filter((logged) => logged['task'] === task);
    expect(more).toEqual([]);
    // Beside these two there may be those of other files.
    expect(line).toMatchObject({ task, count: expect.toSatisfy((count: number) => count >= 2) });
    expect(loggedOfKind('fault')).toEqual([]);
  });

  it('fails when the database is away, and says so in the log and to Sentry', async ({
    expect,
  }) => {
    const sentry = faulty('sink', 'none');
    const run = runCron({
      TURSO_DATABASE_URL: closedPort,
      SENTRY_DSN: dsnOf(sentry),
    });
    await expect(run).rejects.toThrow(AppError);

    expect(loggedOfKind('task').map((logged) => logged['task'])).not.toContain(task);
    const [line, ...more] = loggedOfKind('fault').filter((logged) => logged['fault'] === task);
    expect(more).toEqual([]);
    expect(line).toMatchObject({ fault: task, names: ['AppError', expect.any(String)] });
    expect(line?.['names']).not.toContain('unknown');

    const envelopes = await sentry.seen();
    const events = envelopes.map(({ body }) => JSON.parse(body.split('\n')[2] ?? '') as object);
    const own = events.filter((event) => JSON.stringify(event).includes(`CRON ${task}`));
    expect(own).toMatchObject([
      {
        tags: { request_id: 'cron', route: `CRON ${task}` },
        exception: { values: [{ type: 'AppError', value: 'AppError' }] },
      },
    ]);
  });

  it('quotes nothing of what a database says when it refuses a statement', async ({ expect }) => {
    const sentry = faulty('sink', 'none');
    rememberAsPersonal('upstream text');
    const run = runCron({
      TURSO_DATABASE_URL: `${faulty('database', 'write-error-SQLITE_ERROR').url}/`,
      SENTRY_DSN: dsnOf(sentry),
    });
    await expect(run).rejects.toThrow(/^The database refused a statement \(SQLITE_ERROR\)\.$/);
    expect(loggedOfKind('fault')[0]).toMatchObject({ fault: task, names: ['DatabaseBug'] });
    const [envelope] = await sentry.seen();
    expect(envelope?.body).toContain('DatabaseBug');
    expect(envelope?.body).not.toContain('upstream text');
  });

  it('fails under an unusable configuration, whose fields are in the log', async ({ expect }) => {
    const run = runCron({ APP_SECRET: 'hunter2hunter2', PUBLIC_URL: undefined });
    await expect(run).rejects.toThrow(ConfigError);
    const [line, ...more] = loggedOfKind('fault');
    expect(more).toEqual([]);
    expect(line).toMatchObject({ fault: 'misconfigured' });
    expect(line?.['names']).toContain('PUBLIC_URL is missing');
    expect(line?.['names']).toContain('APP_SECRET must hold at least 32 random bytes');
    expect(loggedLines().join('\n')).not.toContain('hunter2');
  });
});

import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it, vi } from 'vitest';
import type { Deps } from '../../src/deps.ts';
import { parseEnv } from '../../src/env.ts';
import { drainOutbox } from '../../src/outbox/drain-outbox.ts';
import { sendConfirmations } from '../../src/newsletter/send-confirmations.ts';
import type { OutboxRow } from '../../src/outbox/statements.ts';
import { en } from '../../src/pages/messages/en.ts';
import { AppError } from '../../src/errors.ts';
import { consoleLogger } from '../../src/platform/logger.ts';
import { call, makeForm, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { makeList, runSql } from './data.ts';

const config = parseEnv(env);

const away = () => Promise.reject(new AppError('unavailable', 'away'));

describe('a sweep during which the database was away for a moment', () => {
  it('does not send on the next one what no window has counted', async ({ expect }) => {
    const { key } = await makeForm();
    const { email } = makePerson();
    const listId = await makeList();
    await call('/v1/subscribers', { key, json: { email, list_id: listId } });
    const waiting = () =>
      rowsOf<OutboxRow>(
        operator,
        sql`SELECT id, state, topic, resource_id AS resourceId, last_error AS lastError FROM outbox
            WHERE resource_id IN (SELECT id FROM confirmations WHERE list_id = ${listId})`,
      );
    await vi.waitFor(async () => expect((await waiting())[0]?.state).toBe('done'));
    const [row] = await waiting();
    // As if it were new, under a topic of the test's own, so that no other sweep takes it.
    await runSql(sql`UPDATE outbox SET state = 'pending', ended_at = NULL, last_error = NULL, attempts = 0,
      topic = 'swept_in_test', due_at = 1 WHERE id = ${row?.id}`);
    const count = vi.fn((limits: unknown[]) =>
      Promise.resolve(
        limits.map((limit) => ({
          ...{ limit, allowed: false, remaining: 0, resetAt: Date.now() + 60_000 },
        })),
      ),
    );
    const send = vi.fn(() => Promise.resolve({ kind: 'done' as const }));
    const deps = {
      ...operator,
      ...{ config, logger: consoleLogger, limiter: { count }, mailer: { send } },
      translations: { read: () => Promise.resolve({ language: 'en', messages: en }) },
      deadline: { at: Date.now() + 60_000 },
    } as unknown as Deps;
    const broken = { ...deps, database: { ...operator.database, read: away } };
    await drainOutbox(deps, {
      swept_in_test: (_, rows) => sendConfirmations(broken as Deps, rows),
    });
    expect([count.mock.calls.length, send.mock.calls.length]).toEqual([0, 0]);
    await runSql(sql`UPDATE outbox SET due_at = 1 WHERE id = ${row?.id}`);
    await drainOutbox(deps, { swept_in_test: sendConfirmations });
    expect([count.mock.calls.length, send.mock.calls.length]).toEqual([1, 0]);
  });
});

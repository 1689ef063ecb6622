import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it, vi } from 'vitest';
import type { Deps } from '../../src/deps.ts';
import { parseEnv } from '../../src/env.ts';
import type { Outcome } from '../../src/lib/delivery-outcome.ts';
import { keyedHash } from '../../src/lib/hashing.ts';
import { dayMs, hourMs } from '../../src/lib/units.ts';
import { sendConfirmations } from '../../src/newsletter/send-confirmations.ts';
import type { OutboxRow } from '../../src/outbox/statements.ts';
import { en } from '../../src/pages/messages/en.ts';
import { openLimiter } from '../../src/platform/limiter.ts';
import { consoleLogger } from '../../src/platform/logger.ts';
import type { Mail } from '../../src/platform/mailer.ts';
import { closedPort } from '../support/faults.ts';
import { call, makeForm, operator } from '../support/harness.ts';
import { randomWord, rememberAsPersonal } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { makeList, runSql } from './data.ts';

/** People at these domains sign up to one list. Returns it, and what is to be sent in their order. */
async function signUp(domains: string[]) {
  const { key } = await makeForm();
  const listId = await makeList();
  for (const domain of domains) {
    const json = { email: `${randomWord()}@${domain}`, list_id: listId };
    rememberAsPersonal(json.email);
    const answer = await call('/v1/subscribers', { key, json });
    if (answer.status !== 202) throw new Error(`answered ${answer.status}`);
  }
  const rows = await rowsOf<OutboxRow>(
    operator,
    sql`SELECT id, resource_id AS resourceId FROM outbox
        WHERE resource_id IN (SELECT id FROM confirmations WHERE list_id = ${listId}) ORDER BY id`,
  );
  return { listId, rows };
}

/** Sends rows where two mails may go to one domain in a day. Returns what became of each. */
async function send(
  rows: OutboxRow[],
  { answer = { kind: 'done' }, more = {} }: { answer?: Outcome; more?: object } = {},
) {
  const config = parseEnv(env);
  const limits = { ...config.limits, confirmationsPerDomain: { limit: 2, windowMs: dayMs } };
  const limiter = openLimiter(config.redis);
  const count = vi.fn<typeof limiter.count>((windows) => limiter.count(windows));
  const mailer = { send: vi.fn((_mail: Mail) => Promise.resolve(answer)) };
  const deps = {
    ...operator,
    ...{ config: { ...config, limits }, logger: consoleLogger, limiter: { ...limiter, count } },
    translations: { read: () => Promise.resolve({ language: 'en', messages: en }) },
    ...{ mailer, ...more },
  };
  const outcomes = await sendConfirmations(deps as unknown as Deps, rows);
  return {
    outcomes: rows.map(({ id }) => outcomes.get(id)),
    sent: mailer.send.mock.calls.map(([mail]) => mail.to),
    counted: count.mock.calls.map(([windows]) => windows),
  };
}

const done = { kind: 'done' };
const waits = { kind: 'postponed', reason: 'domain_limit' };
const newDomain = () => `${randomWord()}.example`;

describe('mails that ask people of one domain to confirm', () => {
  it('are so many in a window; the rest wait, and keep nobody else waiting', async ({ expect }) => {
    const [flooded, other] = [newDomain(), newDomain()];
    const domains = [flooded, flooded, flooded.toUpperCase(), other, flooded];
    const { rows } = await signUp(domains);
    const { outcomes, sent, counted } = await send(rows);
    expect(outcomes).toMatchObject([done, done, waits, done, waits]);
    expect(sent.map((to) => to.split('@')[1])).toEqual([flooded, flooded, other]);
    expect(counted).toHaveLength(1);
    const { afterMs } = outcomes[2] as { afterMs: number };
    expect(afterMs).toBeGreaterThan(0);
    expect(afterMs).toBeLessThanOrEqual(dayMs);
  });

  it('are counted without the name of the domain reaching Redis', async ({ expect }) => {
    const domain = newDomain();
    const { rows } = await signUp([domain, domain.toUpperCase()]);
    const { counted } = await send(rows);
    const [first, second] = counted.flat();
    expect(first?.subject).toMatch(/^[\da-f]{64}$/);
    expect(second).toEqual(first);
  });

  it('come back ever later, so that a flood of them lets others through', async ({ expect }) => {
    const { listId, rows } = await signUp(Array<string>(3).fill(newDomain()));
    await runSql(
      sql`UPDATE confirmations SET created_at = created_at - ${30 * hourMs} WHERE list_id = ${listId}`,
    );
    const { outcomes } = await send(rows);
    const { afterMs } = outcomes[2] as { afterMs: number };
    expect(afterMs).toBeGreaterThanOrEqual(30 * hourMs);
  });

  it('all go while Redis is away, and the log says so', async ({ expect }) => {
    const { rows } = await signUp(Array<string>(3).fill(newDomain()));
    const limiter = openLimiter({ url: closedPort, token: 'none' });
    const { outcomes } = await send(rows, { more: { limiter } });
    expect(outcomes).toEqual([done, done, done]);
    expect(loggedOfKind('fault')).toMatchObject([
      { fault: 'limits_skipped', names: ['LIMIT_CONFIRMATIONS_PER_DOMAIN'] },
    ]);
  });

  it('are counted only where one is sent', async ({ expect }) => {
    const domain = newDomain();
    const { listId, rows } = await signUp([domain, domain, domain]);
    const left = sql`UPDATE subscriptions SET state = 'active' WHERE list_id = ${listId}`;
    await runSql(left);
    const { outcomes, counted } = await send(rows);
    expect([outcomes, counted]).toEqual([[done, done, done], []]);
  });

  it('are refused once their link is over, so that somebody sees it', async ({ expect }) => {
    const { listId, rows } = await signUp([newDomain(), newDomain()]);
    await runSql(
      sql`UPDATE confirmations SET expires_at = ${Date.now()} WHERE list_id = ${listId}`,
    );
    await runSql(
      sql`UPDATE subscriptions SET state = 'active' WHERE list_id = ${listId} AND subscriber_id =
        (SELECT subscriber_id FROM confirmations WHERE id = ${rows[0]?.resourceId})`,
    );
    const { outcomes, sent } = await send(rows);
    expect(outcomes).toEqual([done, { kind: 'refused', reason: 'expired' }]);
    expect(sent).toEqual([]);
  });
});

const peopleOf = (listId: string) =>
  rowsOf<{ email: string; state: string }>(
    operator,
    sql`SELECT email, state FROM subscriptions JOIN subscribers ON id = subscriber_id
        WHERE list_id = ${listId}`,
  );

describe('a provider that writes to an address no more', () => {
  it('has as good as told of a bounce', async ({ expect }) => {
    const { listId, rows } = await signUp([newDomain(), newDomain()]);
    const answer = { kind: 'refused', reason: 'E_RECIPIENT_SUPPRESSED' } as const;
    expect((await send(rows, { answer })).outcomes).toEqual([answer, answer]);
    const people = await peopleOf(listId);
    expect(people).toMatchObject([{ state: 'bounced' }, { state: 'bounced' }]);
    for (const { email } of people) {
      const hash = await keyedHash(operator.config.secrets[0], 'subject', email);
      const found = sql`SELECT list_id, reason, actor FROM suppressions WHERE subject_hash = ${hash}
        UNION ALL SELECT list_id, action, actor FROM consents
        WHERE subject_hash = ${hash} AND action <> 'requested'`;
      expect(await rowsOf(operator, found)).toEqual([
        { list_id: '', reason: 'bounced', actor: 'mail:cloudflare' },
        { list_id: listId, reason: 'bounced', actor: 'mail:cloudflare' },
      ]);
    }
  });

  it('is told apart from one that does not take this mail', async ({ expect }) => {
    const { listId, rows } = await signUp([newDomain()]);
    for (const reason of ['validation_error', 'E_CONTENT_TOO_LARGE']) {
      await send(rows, { answer: { kind: 'refused', reason } });
    }
    expect(await peopleOf(listId)).toMatchObject([{ state: 'pending' }]);
  });
});

import { sql } from 'drizzle-orm';
import { describe, it, onTestFinished } from 'vitest';
import { outbox } from '../../drizzle/outbox.ts';
import type { Outcome } from '../../src/lib/delivery-outcome.ts';
import type { Deliver } from '../../src/outbox/delivery.ts';
import { drainOutbox } from '../../src/outbox/drain-outbox.ts';
import { maxAttempts } from '../../src/outbox/max-attempts.ts';
import { claimDue, finish, selectClaimed } from '../../src/outbox/queries.ts';
import { retryRow } from '../../src/outbox/retry-row.ts';
import type { OutboxRow } from '../../src/outbox/statements.ts';
import { newId } from '../../src/lib/ids.ts';
import { hourMs, minuteMs } from '../../src/lib/units.ts';
import { consoleLogger } from '../../src/platform/logger.ts';
import { operator } from '../support/harness.ts';
import { randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { runSql } from './data.ts';
import { loggedOfKind } from '../support/watch-logs.ts';

/** A topic of its own, with rows that are due, and the time as the outbox sees it. */
async function startTopic(count: number) {
  const topic = `test_${randomWord()}`;
  onTestFinished(() => runSql(sql`DELETE FROM outbox WHERE topic = ${topic}`));
  const clock = { now: Date.now() };
  const rows = Array.from({ length: count }, (_, index) => ({
    id: newId('out', clock.now + index),
    topic,
    resourceId: `res_${index}`,
    payload: { index },
    dueAt: clock.now - count + index,
    createdAt: clock.now,
  }));
  for (let from = 0; from < count; from += 500) {
    const some = rows.slice(from, from + 500);
    await operator.database.write((orm) => some.map((row) => orm.insert(outbox).values(row)));
  }
  const deps = {
    ...operator,
    logger: consoleLogger,
    now: () => clock.now,
    get deadline() {
      return { at: clock.now + 20_000 };
    },
  };
  return {
    topic,
    clock,
    rows,
    sweep: (send: Deliver<unknown>) => drainOutbox(deps, { [topic]: send }),
    stored: () =>
      rowsOf<OutboxRow>(
        operator,
        sql`SELECT id, state, attempts, due_at AS dueAt, last_error AS lastError,
          ended_at AS endedAt, lease_token AS leaseToken
          FROM outbox WHERE topic = ${topic} ORDER BY id`,
      ),
  };
}

/** Sends each row as a function says. */
function each(send: (row: OutboxRow) => Outcome | Promise<Outcome>): Deliver<unknown> {
  return async (_deps, rows) =>
    new Map(await Promise.all(rows.map(async (row) => [row.id, await send(row)] as const)));
}

const failed = (reason: string, retryAfterMs: number | null = null): Outcome => ({
  ...{ kind: 'failed', reason, retryAfterMs },
});

const postponed = (afterMs: number): Outcome => ({
  ...{ kind: 'postponed', reason: 'domain_limit', afterMs },
});

describe('the outbox', () => {
  it(
    'sends each of 2,000 rows once, swept by three at once, through a provider that fails',
    { timeout: 60_000 },
    async ({ expect }) => {
      const { rows, clock, sweep, stored } = await startTopic(2_000);
      const accepted = new Map<string, number>();
      let calls = 0;
      let failures = 0;
      const sending = new Set<string>();
      const send = each(async ({ id, payload, attempts }) => {
        calls += 1;
        expect(sending).not.toContain(id);
        sending.add(id);
        await Promise.resolve();
        sending.delete(id);
        const { index } = payload as { index: number };
        // Rows fail none, one or two times, so that a third of all calls does.
        const failing = [0, 0, 1, 1, 0, 0, 0, 2][index % 8] ?? 0;
        const fails = attempts <= failing;
        failures += fails ? 1 : 0;
        if (fails && index % 3 === 0) return failed('status_503');
        if (fails && index % 3 === 1) return failed('status_429', 90_000);
        // The provider knows a repeat by its key: where the answer was lost, too.
        accepted.set(id, (accepted.get(id) ?? 0) + 1);
        return fails ? failed('TimeoutError') : { kind: 'done' };
      });
      for (let idle = 0; idle < 3;) {
        const tried = await Promise.all([sweep(send), sweep(send), sweep(send)]);
        if (tried.some((count) => count > 0)) continue;
        idle += 1;
        clock.now += hourMs;
      }
      expect(accepted.size).toBe(rows.length);
      expect(failures / calls).toBeCloseTo(1 / 3, 2);
      const ended = await stored();
      expect(ended.filter(({ state }) => state === 'done')).toHaveLength(rows.length);
      // As many claims as attempts: none was handed out twice at a time.
      expect(ended.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(calls);
    },
  );

  it('takes up again what a crash left between its claim and its sending', async ({ expect }) => {
    const { topic, clock, rows, sweep, stored } = await startTopic(3);
    const claim = { topics: [topic], token: 'crashed', at: clock.now, until: clock.now + minuteMs };
    await operator.database.write((orm) => [claimDue(orm, { ...claim, count: 10 })]);
    const sent: string[] = [];
    const send = each(({ id }) => {
      sent.push(id);
      return { kind: 'done' };
    });
    expect(await sweep(send)).toBe(0);
    clock.now += 2 * minuteMs;
    expect(await sweep(send)).toBe(3);
    expect(sent.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect((await stored()).map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
  });

  it('gives up what ends its senders, and lets go of the rows that it took along', async ({
    expect,
  }) => {
    const { topic, clock, sweep, stored } = await startTopic(3);
    for (let crash = 0; crash < maxAttempts; crash += 1) {
      const claim = { topics: [topic], token: `crash ${crash}`, at: clock.now };
      await operator.database.write((orm) => [
        claimDue(orm, { ...claim, until: clock.now + minuteMs, count: 10 }),
      ]);
      clock.now += 2 * minuteMs;
    }
    expect(new Set((await stored()).map(({ dueAt }) => dueAt)).size).toBeGreaterThan(1);
    expect(await sweep(each(() => ({ kind: 'done' })))).toBe(0);
    const states = (await stored()).map(({ state, lastError }) => `${state} ${lastError}`);
    expect(new Set(states)).toEqual(new Set(['dead no_answer']));
  });

  it('gets the rows of a claim whose answer was lost', async ({ expect }) => {
    const { topic, clock } = await startTopic(15);
    const claim = { topics: [topic], token: 'lost', at: clock.now, until: clock.now + minuteMs };
    const write = () =>
      operator.database.write((orm) => [
        claimDue(orm, { ...claim, count: 10 }),
        selectClaimed(orm, { ...claim, count: 10 }),
      ]);
    await write();
    const [, rows] = await write();
    expect(rows).toHaveLength(15);
  });

  it('makes no more calls in a run than the platform lets it', async ({ expect }) => {
    const { sweep } = await startTopic(100);
    expect(await sweep(each(() => ({ kind: 'done' })))).toBe(30);
  });

  it('leaves a receiver alone that asks for it', async ({ expect }) => {
    const { sweep } = await startTopic(30);
    expect(await sweep(each(() => failed('status_429', 1_000)))).toBe(10);
  });

  it('is not taken away from who is sending it', async ({ expect }) => {
    const { sweep, rows } = await startTopic(1);
    const [id = ''] = rows.map((row) => row.id);
    const by = { actor: 'test', requestId: null };
    let sends = 0;
    await sweep(
      each(async () => {
        sends += 1;
        await expect(retryRow(operator, id, by)).rejects.toMatchObject({ code: 'conflict' });
        return failed('status_500');
      }),
    );
    expect(sends).toBe(1);
    await retryRow(operator, id, by);
    const acts = await rowsOf(operator, sql`SELECT id FROM audit_log WHERE target_id = ${id}`);
    expect(acts).toHaveLength(1);
  });

  it('lets nobody finish what somebody else has claimed since', async ({ expect }) => {
    const { topic, clock, sweep, stored } = await startTopic(1);
    const claim = { topics: [topic], token: 'slow', at: clock.now, until: clock.now + minuteMs };
    const [, claimed] = await operator.database.write((orm) => [
      claimDue(orm, { ...claim, count: 10 }),
      selectClaimed(orm, { ...claim, count: 10 }),
    ]);
    const [slow] = claimed as OutboxRow[];
    clock.now += 2 * minuteMs;
    await sweep(each(() => failed('status_500')));
    const before = await stored();
    const done = { state: 'done', endedAt: clock.now, dueAt: 0, lastError: null } as const;
    await operator.database.write((orm) => (slow === undefined ? [] : [finish(orm, slow, done)]));
    expect(await stored()).toEqual(before);
    expect(before).toMatchObject([{ state: 'pending', lastError: 'status_500' }]);
  });

  it('pauses longer after each failure, with a jitter, and gives up after the last', async ({
    expect,
  }) => {
    const { clock, sweep, stored } = await startTopic(20);
    for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
      expect(await sweep(each(() => failed('status_500')))).toBe(20);
      const pauses = (await stored()).map(({ dueAt }) => dueAt - clock.now);
      const middle = Math.min(15_000 * 2 ** (attempt - 1), hourMs);
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0.8 * middle);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(1.2 * middle);
      expect(new Set(pauses).size).toBeGreaterThan(10);
      clock.now += 2 * hourMs;
    }
    await sweep(each(() => failed('status_500')));
    for (const row of await stored()) {
      expect(row).toMatchObject({ state: 'dead', lastError: 'status_500', attempts: maxAttempts });
      expect(row.endedAt).toBe(clock.now);
    }
    clock.now += hourMs;
    expect(await sweep(each(() => ({ kind: 'done' })))).toBe(0);
  });

  it('waits as long as the receiver asks, up to an hour', async ({ expect }) => {
    for (const [asked, waited] of [
      [5 * minuteMs, 5 * minuteMs],
      [48 * hourMs, hourMs],
    ] as const) {
      const { clock, sweep, stored } = await startTopic(1);
      await sweep(each(() => failed('status_429', asked)));
      expect((await stored()).map(({ dueAt }) => dueAt - clock.now)).toEqual([waited]);
    }
  });

  it('puts off what has to wait without using up its attempts, and goes on with the others', async ({
    expect,
  }) => {
    const { clock, sweep, stored } = await startTopic(30);
    for (const [asked, least, most] of [
      [1_000, 5 * minuteMs, 6 * minuteMs],
      [2 * hourMs, 2 * hourMs, 2.4 * hourMs],
      [48 * hourMs, 6 * hourMs, 7.2 * hourMs],
    ] as const) {
      expect(await sweep(each(() => postponed(asked)))).toBe(30);
      const pauses = (await stored()).map(({ dueAt }) => dueAt - clock.now);
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
      clock.now += 8 * hourMs;
    }
    for (const row of await stored()) {
      expect(row).toMatchObject({ state: 'pending', attempts: 0, lastError: 'domain_limit' });
    }
    expect(await sweep(each(() => ({ kind: 'done' })))).toBe(30);
  });

  it('puts nothing off for longer than three days: then it has failed', async ({ expect }) => {
    const { clock, sweep, stored } = await startTopic(1);
    const end = clock.now + 72 * hourMs;
    while (clock.now < end) {
      expect(await sweep(each(() => postponed(hourMs)))).toBe(1);
      expect(await stored()).toMatchObject([{ state: 'pending', attempts: 0 }]);
      clock.now += 2 * hourMs;
    }
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      await sweep(each(() => postponed(hourMs)));
      clock.now += 2 * hourMs;
    }
    expect(await stored()).toMatchObject([
      { state: 'dead', attempts: maxAttempts, lastError: 'domain_limit' },
    ]);
  });

  it('gives up at once what is refused, and keeps the reason', async ({ expect }) => {
    const { sweep, stored } = await startTopic(1);
    await sweep(each(() => ({ kind: 'refused', reason: 'validation_error' })));
    expect(await stored()).toMatchObject([{ state: 'dead', lastError: 'validation_error' }]);
  });

  it('tries a row again of which nothing is said', async ({ expect }) => {
    const { sweep, stored } = await startTopic(1);
    await sweep(() => Promise.resolve(new Map()));
    expect(await stored()).toMatchObject([{ state: 'pending', lastError: 'no_outcome' }]);
  });

  it('tries all rows of a topic again that throws, and the log says so without their text', async ({
    expect,
  }) => {
    const { sweep, stored } = await startTopic(2);
    await sweep(() => Promise.reject(new RangeError('ada@example.org')));
    expect(await stored()).toMatchObject([
      { state: 'pending', lastError: 'thrown_RangeError' },
      { state: 'pending', lastError: 'thrown_RangeError' },
    ]);
    expect(loggedOfKind('fault')).toMatchObject([
      { fault: 'outbox_delivery', names: ['RangeError'] },
    ]);
  });

  it('leaves topics to those that know them', async ({ expect }) => {
    const { stored, topic } = await startTopic(1);
    expect(
      await drainOutbox(
        { ...operator, logger: consoleLogger },
        { [`${topic}_other`]: each(() => failed('x')) },
      ),
    ).toBe(0);
    expect(await stored()).toMatchObject([{ attempts: 0 }]);
  });
});

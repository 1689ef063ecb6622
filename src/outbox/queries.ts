import {
  and,
  asc,
  desc,
  eq,
  exists,
  gte,
  inArray,
  isNull,
  lt,
  lte,
  ne,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import { outbox } from '../../drizzle/outbox.ts';
import { ourLimits } from '../lib/delivery-outcome.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { maxAttempts } from './max-attempts.ts';
import type { OutboxRow } from './statements.ts';

/** A claim on rows of some topics: until `until` they are nobody else's. Epoch milliseconds. */
export type Claim = { topics: string[]; token: string; at: number; until: number; count: number };

/**
 * Claims the rows that are due longest, in one statement: of two that run at once, the second one meets the rows as the
 * first one left them. The attempt is counted here, so that one that ends in a crash counts as well. Leases end up to
 * half as long later, so that a row that ends isolates does not come back with all those that it took along.
 */
export function claimDue(orm: Orm, { topics, token, at, until, count }: Claim): Statement {
  const due = orm
    .select({ id: outbox.id })
    .from(outbox)
    .where(isDue(topics, at))
    .orderBy(asc(outbox.dueAt), asc(outbox.id))
    .limit(count);
  return orm
    .update(outbox)
    .set({
      leaseToken: token,
      dueAt: sql`${until} + abs(random() % ${Math.round((until - at) / 2)})`,
      attempts: sql`${outbox.attempts} + 1`,
    })
    .where(inArray(outbox.id, due));
}

/** The rows of a claim, also of one whose answer was lost: it is asked for in the same batch. */
export function selectClaimed(orm: Orm, { token, until }: Claim) {
  return orm
    .select()
    .from(outbox)
    .where(
      and(eq(outbox.state, 'pending'), gte(outbox.dueAt, until), eq(outbox.leaseToken, token)),
    );
}

/** Gives up what was tried often enough, and never came to an end: its senders crashed. */
export function giveUpCrashed(orm: Orm, topics: string[], at: number): Statement {
  return orm
    .update(outbox)
    .set({ state: 'dead', endedAt: at, leaseToken: null, lastError: 'no_answer' })
    .where(and(isDue(topics, at), gte(outbox.attempts, maxAttempts)));
}

function isDue(topics: string[], at: number) {
  return and(eq(outbox.state, 'pending'), lte(outbox.dueAt, at), inArray(outbox.topic, topics));
}

/** How a row goes on, or how it ended. */
export type Step = Pick<OutboxRow, 'state' | 'endedAt' | 'dueAt' | 'lastError'> &
  Partial<Pick<OutboxRow, 'attempts'>>;

/** Notes how a row goes on; changes nothing where somebody else has claimed it since. */
export function finish(orm: Orm, { id, leaseToken }: OutboxRow, step: Step): Statement {
  return orm
    .update(outbox)
    .set({ ...step, leaseToken: null })
    .where(and(eq(outbox.id, id), eq(outbox.leaseToken, leaseToken ?? '')));
}

/**
 * What waits: since when the oldest row does, also between its attempts, and how many were given up. What a limit of ours
 * has put off waits from the end of that on: until then nobody is to send it.
 */
export type Waiting = { oldestAt: number | null; dead: number };

/** Looks at what waits. Ids sort by age, and no row is due before it is made. */
export function selectWaiting(orm: Orm): PromiseLike<Waiting[]> {
  const isWaiting = eq(outbox.state, 'pending');
  const isPutOff = inArray(outbox.lastError, [...ourLimits]);
  const madeAt = sql`(SELECT ${outbox.createdAt} FROM ${outbox}
    WHERE ${isWaiting} AND ${isPutOff} IS NOT TRUE ORDER BY ${outbox.id} LIMIT 1)`;
  const dueAt = sql`(SELECT min(${outbox.dueAt}) FROM ${outbox} WHERE ${isWaiting})`;
  return orm
    .select({
      oldestAt: sql<number | null>`coalesce(min(${madeAt}, ${dueAt}), ${dueAt})`,
      dead: sql<number>`(SELECT count(*) FROM ${outbox} WHERE ${outbox.state} = 'dead')`,
    })
    .from(sql`(SELECT 1)`);
}

/** Rows in a state, or in any, newest first. */
export function selectRows(
  orm: Orm,
  state: OutboxRow['state'] | undefined,
  beforeId: string | null,
  count: number,
): PromiseLike<OutboxRow[]> {
  return orm
    .select()
    .from(outbox)
    .where(
      and(
        state === undefined ? undefined : eq(outbox.state, state),
        beforeId === null ? undefined : lt(outbox.id, beforeId),
      ),
    )
    .orderBy(desc(outbox.id))
    .limit(count);
}

/** The row with this id. */
export function findRow(orm: Orm, id: string): PromiseLike<OutboxRow[]> {
  return orm.select().from(outbox).where(eq(outbox.id, id)).limit(1);
}

/** Whether a row may be made due again: it was not sent, and is not being sent. */
export function mayRevive(orm: Orm, id: string, at: number): SQL {
  return exists(orm.select({ id: outbox.id }).from(outbox).where(isRevivable(id, at)));
}

/** Makes a row due again, as if it were new, where it may be. */
export function revive(orm: Orm, id: string, at: number): Statement {
  return orm.update(outbox).set(anew(at)).where(isRevivable(id, at));
}

function isRevivable(id: string, at: number) {
  const isFree = or(isNull(outbox.leaseToken), lte(outbox.dueAt, at));
  return and(eq(outbox.id, id), ne(outbox.state, 'done'), isFree);
}

/** Makes rows due again that have ended without being sent: those with a reason, else all that were tried to the end. */
export function reviveDead(orm: Orm, reason: string | null, at: number): Statement {
  const chosen = reason === null ? gte(outbox.attempts, maxAttempts) : eq(outbox.lastError, reason);
  return orm
    .update(outbox)
    .set(anew(at))
    .where(and(eq(outbox.state, 'dead'), chosen));
}

function anew(at: number) {
  return {
    state: 'pending',
    endedAt: null,
    dueAt: at,
    attempts: 0,
    leaseToken: null,
    lastError: null,
  } as const;
}

/** Removes a row. */
export function removeRow(orm: Orm, id: string): Statement {
  return orm.delete(outbox).where(eq(outbox.id, id));
}

/** Removes what ended in a state, of the rows that are older than an id. */
export function removeEnded(orm: Orm, state: 'done' | 'dead', beforeId: string): Statement {
  return orm.delete(outbox).where(and(eq(outbox.state, state), lt(outbox.id, beforeId)));
}

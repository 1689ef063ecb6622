import { and, asc, desc, eq, inArray, lt, lte, ne, sql } from 'drizzle-orm';
import { outbox } from '../../drizzle/outbox.ts';
import type { Orm, Statement } from '../platform/database.ts';
import type { OutboxRow } from './statements.ts';

/** A claim on rows of some topics: until `until` they are nobody else's. Epoch milliseconds. */
export type Claim = { topics: string[]; token: string; at: number; until: number; count: number };

// Written out, so that SQLite sees that the partial index has all that is asked for.
const isPending = sql`${outbox.state} = 'pending'`;

/**
 * Claims the rows that are due longest, in one statement: of two that run at once, the second one meets the rows as the
 * first one left them. The attempt is counted here, so that one that ends in a crash counts as well.
 */
export function claimDue(orm: Orm, { topics, token, at, until, count }: Claim): Statement {
  const due = orm
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(isPending, lte(outbox.dueAt, at), inArray(outbox.topic, topics)))
    .orderBy(asc(outbox.dueAt), asc(outbox.id))
    .limit(count);
  return orm
    .update(outbox)
    .set({ leaseToken: token, dueAt: until, attempts: sql`${outbox.attempts} + 1` })
    .where(inArray(outbox.id, due))
    .returning();
}

/** How a row goes on, or how it ended. */
export type Step = Pick<OutboxRow, 'state' | 'endedAt' | 'dueAt' | 'lastError'>;

/** Notes how a row goes on; changes nothing where somebody else has claimed it since. */
export function finish(orm: Orm, { id, leaseToken }: OutboxRow, step: Step): Statement {
  return orm
    .update(outbox)
    .set({ ...step, leaseToken: null })
    .where(and(eq(outbox.id, id), eq(outbox.leaseToken, leaseToken ?? '')));
}

/** What waits: when the oldest row fell due that is due now, and how many were given up. */
export type Waiting = { oldestDueAt: number | null; dead: number };

/** Looks at what waits. */
export function selectWaiting(orm: Orm, at: number): PromiseLike<Waiting[]> {
  return orm
    .select({
      oldestDueAt: sql<number | null>`(SELECT min(${outbox.dueAt}) FROM ${outbox}
        WHERE ${isPending} AND ${outbox.dueAt} <= ${at})`,
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

/** Makes a row due again, as if it were new; not one that was done. */
export function revive(orm: Orm, id: string, at: number): Statement {
  return orm
    .update(outbox)
    .set(anew(at))
    .where(and(eq(outbox.id, id), ne(outbox.state, 'done')));
}

/** Makes every row that was given up due again. */
export function reviveDead(orm: Orm, at: number): Statement {
  return orm.update(outbox).set(anew(at)).where(eq(outbox.state, 'dead'));
}

function anew(at: number) {
  return { state: 'pending', endedAt: null, dueAt: at, attempts: 0, leaseToken: null } as const;
}

/** Removes a row. */
export function removeRow(orm: Orm, id: string): Statement {
  return orm.delete(outbox).where(eq(outbox.id, id));
}

/** Removes what was done, of the rows that are older than an id. */
export function removeDone(orm: Orm, beforeId: string): Statement {
  return orm.delete(outbox).where(and(eq(outbox.state, 'done'), lt(outbox.id, beforeId)));
}

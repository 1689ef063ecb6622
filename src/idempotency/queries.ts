import { and, eq, lte, or } from 'drizzle-orm';
import { idempotencyKeys } from '../../drizzle/idempotency.ts';
import type { Orm, Statement } from '../platform/database.ts';

export type StoredAnswer = typeof idempotencyKeys.$inferSelect;

/** The answers kept for keys, expired or not, in no order. */
export async function findAnswers(
  orm: Orm,
  keys: { sender: string; key: string }[],
): Promise<StoredAnswer[]> {
  return orm
    .select()
    .from(idempotencyKeys)
    .where(or(...keys.map(({ sender, key }) => isFor(sender, key))));
}

/** Keeps an answer; the batch fails when there is one that has not expired. */
export function insertAnswer(orm: Orm, answer: StoredAnswer, now: number): Statement[] {
  const outdated = and(
    isFor(answer.sender, answer.idempotencyKey),
    lte(idempotencyKeys.expiresAt, now),
  );
  return [orm.delete(idempotencyKeys).where(outdated), orm.insert(idempotencyKeys).values(answer)];
}

/** Removes answers that have expired. */
export function deleteExpiredAnswers(orm: Orm, now: number): Statement {
  return orm.delete(idempotencyKeys).where(lte(idempotencyKeys.expiresAt, now));
}

function isFor(sender: string, idempotencyKey: string) {
  return and(
    eq(idempotencyKeys.sender, sender),
    eq(idempotencyKeys.idempotencyKey, idempotencyKey),
  );
}

import { and, eq, isNull } from 'drizzle-orm';
import { confirmations, consents, subscribers } from '../../drizzle/newsletter.ts';
import { eraseAnswers } from '../idempotency/statements.ts';
import { dropNotices } from '../outbox/statements.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** Changes a subscriber; the version is the caller's to raise. */
export function updateSubscriber(
  orm: Orm,
  id: string,
  changes: Partial<typeof subscribers.$inferSelect>,
): Statement {
  return orm.update(subscribers).set(changes).where(eq(subscribers.id, id));
}

/**
 * Removes a subscriber with all that is theirs, mails that were to be sent too. The ledger stays, and tells of them by
 * their hash alone.
 */
export function removeSubscriber(orm: Orm, id: string, subjectHash: string): Statement[] {
  const { subscriberId, subjectHash: known } = consents;
  const asked = orm
    .select({ id: confirmations.id })
    .from(confirmations)
    .where(eq(confirmations.subscriberId, id));
  return [
    orm
      .update(consents)
      .set({ subjectHash })
      .where(and(eq(subscriberId, id), isNull(known))),
    dropNotices(orm, asked),
    orm.delete(subscribers).where(eq(subscribers.id, id)),
    ...eraseAnswers(orm, [id]),
  ];
}

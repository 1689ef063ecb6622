import { and, inArray, lt, notInArray, sql } from 'drizzle-orm';
import { confirmations, subscribers, subscriptions } from '../../drizzle/newsletter.ts';
import { dropNotices } from '../outbox/statements.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { isEnded, isUnconfirmed, keptMs, mostInBatch, type Ended } from './queries.ts';

/**
 * The statements that remove subscriptions, where they are still over, and people who have no other. What shows that
 * they had agreed stays, under a hash. Hashes are those of the people of `ended`, in its order.
 */
export function removeEnded(
  orm: Orm,
  { ended, hashes, now }: { ended: Ended[]; hashes: string[]; now: number },
): Statement[] {
  const pairs = ended.map(({ subscriberId, listId }, index) => [
    subscriberId,
    listId,
    hashes[index],
  ]);
  const gone = sql`(SELECT json_extract(value, '$[0]') AS person, json_extract(value, '$[1]') AS list,
    json_extract(value, '$[2]') AS hash FROM json_each(${JSON.stringify(pairs)}))`;
  // The others came back, or were asked again, since they were read.
  const isLeft = sql`EXISTS (SELECT 1 FROM subscriptions WHERE subscriber_id = gone.person AND list_id = gone.list)`;
  const overdue = sql`(SELECT confirmations.id FROM ${gone} AS gone CROSS JOIN confirmations
    ON confirmations.subscriber_id = gone.person AND confirmations.list_id = gone.list WHERE NOT ${isLeft})`;
  const people = sql`(SELECT person FROM ${gone})`;
  return [
    orm.run(sql`DELETE FROM subscriptions WHERE rowid IN (
      SELECT subscriptions.rowid FROM ${gone} AS gone
      CROSS JOIN subscriptions ON subscriptions.subscriber_id = gone.person AND subscriptions.list_id = gone.list
      JOIN lists ON lists.id = subscriptions.list_id
      WHERE (${isEnded(now)}) OR (${isUnconfirmed(now)}))`),
    orm.run(sql`UPDATE consents SET subject_hash = coalesce(subject_hash, gone.hash),
        ip_hash = NULL, ip_network = NULL, user_agent = NULL, page = NULL
      FROM ${gone} AS gone
      WHERE consents.subscriber_id = gone.person AND consents.list_id = gone.list AND NOT ${isLeft}`),
    dropNotices(orm, overdue),
    orm.delete(confirmations).where(inArray(confirmations.id, overdue)),
    orm
      .delete(subscribers)
      .where(
        and(
          inArray(subscribers.id, people),
          notInArray(
            subscribers.id,
            orm
              .select({ id: subscriptions.subscriberId })
              .from(subscriptions)
              .where(inArray(subscriptions.subscriberId, people)),
          ),
        ),
      ),
  ];
}

/** Removes confirmations that have been over for long. */
export function removeOldConfirmations(orm: Orm, now: number): Statement {
  const old = orm
    .select({ id: confirmations.id })
    .from(confirmations)
    .where(lt(confirmations.expiresAt, now - keptMs))
    .limit(mostInBatch);
  return orm.delete(confirmations).where(inArray(confirmations.id, old));
}

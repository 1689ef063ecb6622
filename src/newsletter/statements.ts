import { and, eq, gt, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import {
  confirmations,
  type consents,
  subscriptions,
  suppressions,
} from '../../drizzle/newsletter.ts';
import type { Orm, Statement, WithSql } from '../platform/database.ts';
import type { ConfirmationFor } from './queries.ts';

export type NewConsent = Omit<typeof consents.$inferSelect, 'subscriberId'>;

/**
 * Confirms a subscription by a token that was not used before. Once: who has left since does not come back by pressing
 * the same button, or that of another mail that was on its way.
 */
export function confirmOnce(
  orm: Orm,
  { id, subscriberId, listId }: ConfirmationFor,
  consent: ConsentRow,
  subjectHashes: string[],
): Statement[] {
  const { at } = consent;
  const isOpen = sql`EXISTS (SELECT 1 FROM confirmations
    WHERE id = ${id} AND used_at IS NULL AND expires_at > ${at}) AND ${mayBeWrittenTo(subjectHashes, listId)}`;
  return [
    insertConsent(orm, consent, isOpen),
    orm
      .update(subscriptions)
      .set({ state: 'active', updatedAt: at })
      .where(
        and(
          eq(subscriptions.subscriberId, subscriberId),
          eq(subscriptions.listId, listId),
          inArray(subscriptions.state, ['pending', 'unsubscribed', 'bounced']),
          isOpen,
        ),
      ),
    forgetLeaving(orm, subjectHashes, listId, isOpen),
    orm
      .update(confirmations)
      .set({ usedAt: at })
      .where(and(eq(confirmations.id, id), isNull(confirmations.usedAt), isOpen)),
    closeConfirmations(orm, subscriberId, listId, at),
  ];
}

/** Takes a person off those who have left a list. */
function forgetLeaving(orm: Orm, subjectHashes: string[], listId: string, onlyIf: SQL): Statement {
  return orm
    .delete(suppressions)
    .where(
      and(
        inArray(suppressions.subjectHash, subjectHashes),
        eq(suppressions.listId, listId),
        eq(suppressions.reason, 'unsubscribed'),
        onlyIf,
      ),
    );
}

/** Ends the confirmations of a person and a list that nobody has pressed. */
function closeConfirmations(
  orm: Orm,
  subscriberId: SQL | string,
  listId: string,
  at: number,
): Statement {
  return orm
    .update(confirmations)
    .set({ expiresAt: at })
    .where(
      and(
        eq(confirmations.subscriberId, subscriberId),
        eq(confirmations.listId, listId),
        isNull(confirmations.usedAt),
        gt(confirmations.expiresAt, at),
      ),
    );
}

/** Puts a person on a list by a link that only they have, where they are still there; nothing lifts a complaint. */
export function joinByLink(orm: Orm, consent: ConsentRow, subjectHashes: string[]): Statement[] {
  const { subscriberId, listId, at } = consent;
  const mayJoin = sql`EXISTS (SELECT 1 FROM subscribers WHERE id = ${subscriberId})
    AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE subscriber_id = ${subscriberId}
      AND list_id = ${listId} AND state IN ('active', 'complained'))
    AND ${mayBeWrittenTo(subjectHashes, listId)}`;
  return [
    insertConsent(orm, consent, mayJoin),
    forgetLeaving(orm, subjectHashes, listId, mayJoin),
    orm.run(sql`INSERT INTO subscriptions (subscriber_id, list_id, state, created_at, updated_at)
      SELECT ${subscriberId}, ${listId}, 'active', ${at}, ${at} WHERE ${mayJoin}
      ON CONFLICT (subscriber_id, list_id) DO UPDATE SET state = 'active', updated_at = ${at} WHERE state NOT IN ('active', 'complained')`),
  ];
}

/**
 * Ends a subscription, with the evidence of it, and keeps the person's word where there is none to end, or nobody any
 * more: an operator may have lifted it, or have them imported again. A repeat changes nothing, and a complaint stays one.
 */
export function endSubscription(orm: Orm, consent: ConsentRow): Statement[] {
  const { listId, at, subjectHash, actor } = consent;
  const subscriberId = sql`(SELECT id FROM subscribers WHERE id = ${consent.subscriberId})`;
  const isOn = and(
    eq(subscriptions.subscriberId, subscriberId),
    eq(subscriptions.listId, listId),
    inArray(subscriptions.state, ['pending', 'active', 'bounced']),
  );
  const isNew = sql`EXISTS (SELECT 1 FROM lists WHERE id = ${listId})
    AND (EXISTS (SELECT 1 FROM ${subscriptions} WHERE ${isOn})
      OR NOT EXISTS (SELECT 1 FROM suppressions
        WHERE subject_hash = ${subjectHash} AND list_id = ${listId} AND reason = 'unsubscribed'))`;
  return [
    insertConsent(orm, { ...consent, ...ofNobody(consent, subscriberId), subscriberId }, isNew),
    // It outlives the subscription.
    orm.run(sql`INSERT INTO suppressions (subject_hash, list_id, reason, actor, created_at)
      VALUES (${subjectHash}, ${listId}, 'unsubscribed', ${actor}, ${at}) ON CONFLICT DO NOTHING`),
    orm.update(subscriptions).set({ state: 'unsubscribed', updatedAt: at }).where(isOn),
    closeConfirmations(orm, subscriberId, listId, at),
  ];
}

/** Where somebody's word came from, but of who is gone, or was erased, no more than the hash. */
function ofNobody({ ipHash, ipNetwork, userAgent, page }: ConsentRow, subscriberId: SQL) {
  const known = (value: SQL | string | null) =>
    sql<string>`CASE WHEN ${subscriberId} IS NOT NULL THEN ${value} END`;
  return {
    ...{ ipHash: known(ipHash), ipNetwork: known(ipNetwork) },
    ...{ userAgent: known(userAgent), page: known(page) },
  };
}

/** The subscriber for whom a hash stands on a list, if there is one now: every subscription has its evidence. */
export function subscriberKnownAs(subjectHash: string, listId: string): SQL {
  return sql`(SELECT subscriber_id FROM consents
    WHERE subject_hash = ${subjectHash} AND list_id = ${listId} AND subscriber_id IS NOT NULL LIMIT 1)`;
}

/** A row of the ledger, parts of which SQL may make. */
export type ConsentRow = WithSql<NewConsent> &
  Pick<NewConsent, 'listId' | 'at'> & {
    subscriberId: SQL | string;
  };

/** Adds evidence to the ledger, where a condition holds. */
export function insertConsent(orm: Orm, row: ConsentRow, onlyIf: SQL = sql`true`): Statement {
  return orm.run(sql`INSERT INTO consents (id, subscriber_id, list_id, action, text, text_version, text_hash, page,
      ip_hash, ip_network, user_agent, form_id, actor, at, confirmation_id, subject_hash)
    SELECT ${row.id}, ${row.subscriberId}, ${row.listId}, ${row.action}, ${row.text}, ${row.textVersion},
      ${row.textHash}, ${row.page}, ${row.ipHash}, ${row.ipNetwork}, ${row.userAgent}, ${row.formId}, ${row.actor},
      ${row.at}, ${row.confirmationId}, ${row.subjectHash}
    WHERE ${onlyIf} ON CONFLICT DO NOTHING`);
}

/** Whether a person may be written to about a list. That they have left it is theirs to take back, by confirming. */
export function mayBeWrittenTo(subjectHashes: string[], listId: string): SQL {
  return sql`NOT ${isSuppressed(subjectHashes, listId, sql`<> 'unsubscribed'`)}`;
}

/** Whether a person is kept from being written to about a list, for reasons that a condition names. */
export function isSuppressed(subjectHashes: string[], listId: string, reason: SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM ${suppressions}
    WHERE ${inArray(suppressions.subjectHash, subjectHashes)} AND ${inArray(suppressions.listId, ['', listId])}
      AND ${suppressions.reason} ${reason})`;
}

import { and, eq, gt, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import {
  confirmations,
  type consents,
  subscribers,
  subscriptions,
  suppressions,
} from '../../drizzle/newsletter.ts';
import { reviseAnswers } from '../idempotency/statements.ts';
import { dayMs, minuteMs } from '../lib/units.ts';
import type { Orm, Statement, WithSql } from '../platform/database.ts';
import type { ConfirmationFor } from './queries.ts';

export type NewSubscriber = Pick<
  typeof subscribers.$inferSelect,
  'id' | 'email' | 'emailKey' | 'fullName' | 'language' | 'tags' | 'attributes'
>;
export type NewConsent = Omit<typeof consents.$inferSelect, 'subscriberId'>;

/** A sign-up: who, for which list, with what evidence, and the mail that may ask to confirm it. */
export type SignUpRows = {
  subscriber: NewSubscriber;
  consent: NewConsent;
  /** What stands for the person among those who are not written to. */
  subjectHashes: string[];
  confirmation: { id: string; tokenHash: string; expiresAt: number };
  outboxId: string;
  /** Whether anybody may have sent it: to public lists alone, and always to be confirmed. */
  byStranger: boolean;
};

/** At most so many mails that ask to confirm in a day, and one in a minute, whoever asks for them. */
const mailsADay = 3;

/**
 * Signs an address up: the same statements, in the same batch, whether it is known, suppressed or neither, so that
 * neither the answer nor its timing tells. A subscription that exists stays as it is, and only one that is not active
 * gets a mail. The batch fails with `not_null` where there is no such list for the sender; and but for strangers, whom
 * it tells nothing, with `other` where the person may not be written to.
 */
export function insertSignUp(orm: Orm, rows: SignUpRows): Statement[] {
  const { subscriber: who, consent, subjectHashes, confirmation, outboxId, byStranger } = rows;
  const { listId, at } = consent;
  const isFree = mayBeWrittenTo(subjectHashes, listId);
  const known = sql`(SELECT id FROM subscribers WHERE email_key = ${who.emailKey})`;
  const mayJoin = byStranger ? sql`visibility = 'public'` : sql`true`;
  // Who has left comes back by their own confirmation alone.
  const atOnce = byStranger
    ? sql`false`
    : sql`opt_in = 'single' AND NOT ${isSuppressed(subjectHashes, listId, sql`= 'unsubscribed'`)}`;
  const ofPair = sql`subscriber_id = ${known} AND list_id = ${listId}`;
  return [
    orm.run(sql`INSERT INTO lists (id, name, created_at) SELECT ${listId}, NULL, 0
      WHERE NOT EXISTS (SELECT 1 FROM lists WHERE id = ${listId} AND ${mayJoin})`),
    // No reason is empty: it fails where it inserts.
    ...(byStranger
      ? []
      : [
          orm.run(sql`INSERT INTO suppressions (subject_hash, list_id, reason, actor, created_at)
            SELECT '', '', '', '', 0 WHERE NOT ${isFree}`),
        ]),
    orm.run(sql`INSERT INTO subscribers (id, email, email_key, full_name, language, tags, attributes, created_at, updated_at)
      SELECT ${who.id}, ${who.email}, ${who.emailKey}, ${who.fullName}, ${who.language},
        ${JSON.stringify(who.tags)}, ${JSON.stringify(who.attributes)}, ${at}, ${at}
      WHERE ${isFree} ON CONFLICT DO NOTHING`),
    orm.run(sql`INSERT INTO subscriptions (subscriber_id, list_id, state, created_at, updated_at)
      SELECT ${known}, id, iif(${atOnce}, 'active', 'pending'), ${at}, ${at}
      FROM lists WHERE id = ${listId} AND ${isFree} ON CONFLICT DO NOTHING`),
    orm.run(sql`INSERT INTO confirmations (id, token_hash, subscriber_id, list_id, created_at, expires_at)
      SELECT ${confirmation.id}, ${confirmation.tokenHash}, subscriber_id, list_id, ${at}, ${confirmation.expiresAt}
      FROM subscriptions
      WHERE ${ofPair} AND ${isFree} AND state IN ('pending', 'unsubscribed', 'bounced')
        AND (SELECT count(*) FROM confirmations WHERE subscriber_id = ${known} AND created_at > ${at - dayMs}) < ${mailsADay}
        AND NOT EXISTS (SELECT 1 FROM confirmations WHERE subscriber_id = ${known} AND created_at > ${at - minuteMs})
      ON CONFLICT DO NOTHING`),
    // Only what comes to something: anybody can sign anybody up, again and again.
    insertConsent(
      orm,
      {
        ...consent,
        subscriberId: known,
        confirmationId: sql`(SELECT id FROM confirmations WHERE id = ${confirmation.id})`,
        text: sql`coalesce(${consent.text}, (SELECT consent_text FROM lists WHERE id = ${listId}))`,
        textHash: sql`coalesce(${consent.textHash}, (SELECT consent_text_hash FROM lists WHERE id = ${listId}))`,
        textVersion: sql`coalesce(${consent.textVersion}, (SELECT consent_version FROM lists WHERE id = ${listId}))`,
      },
      sql`EXISTS (SELECT 1 FROM confirmations WHERE id = ${confirmation.id})
        OR EXISTS (SELECT 1 FROM subscriptions WHERE ${ofPair} AND created_at = ${at})`,
    ),
    orm.run(sql`INSERT INTO outbox (id, topic, resource_id, payload, due_at, created_at)
      SELECT ${outboxId}, 'confirmation', id, '{}', ${at}, ${at}
      FROM confirmations WHERE id = ${confirmation.id} ON CONFLICT DO NOTHING`),
  ];
}

/** A subscription that somebody signed up to, as it is now. */
export type SignedUp = { id: string; status: (typeof subscriptions.$inferSelect)['state'] };

/** What a sign-up came to, for the end of its batch: the stored answers about `resourceId` tell it, and the last result. */
export function tellSignedUp(
  orm: Orm,
  resourceId: string,
  { emailKey, listId }: { emailKey: string; listId: string },
): Statement[] {
  const found = and(eq(subscribers.emailKey, emailKey), eq(subscriptions.listId, listId));
  const pair = sql`FROM ${subscriptions} JOIN ${subscribers} ON ${subscribers.id} = ${subscriptions.subscriberId} WHERE ${found}`;
  return [
    reviseAnswers(orm, resourceId, {
      resourceId: sql`(SELECT ${subscribers.id} ${pair})`,
      body: sql`(SELECT json_object('id', ${subscribers.id}, 'status', ${subscriptions.state}) ${pair})`,
    }),
    orm
      .select({ id: subscribers.id, status: subscriptions.state })
      .from(subscriptions)
      .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
      .where(found),
  ];
}

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
type ConsentRow = WithSql<NewConsent> &
  Pick<NewConsent, 'listId' | 'at'> & {
    subscriberId: SQL | string;
  };

/** Adds evidence to the ledger, where a condition holds. */
function insertConsent(orm: Orm, row: ConsentRow, onlyIf: SQL = sql`true`): Statement {
  return orm.run(sql`INSERT INTO consents (id, subscriber_id, list_id, action, text, text_version, text_hash, page,
      ip_hash, ip_network, user_agent, form_id, actor, at, confirmation_id, subject_hash)
    SELECT ${row.id}, ${row.subscriberId}, ${row.listId}, ${row.action}, ${row.text}, ${row.textVersion},
      ${row.textHash}, ${row.page}, ${row.ipHash}, ${row.ipNetwork}, ${row.userAgent}, ${row.formId}, ${row.actor},
      ${row.at}, ${row.confirmationId}, ${row.subjectHash}
    WHERE ${onlyIf} ON CONFLICT DO NOTHING`);
}

/** Whether a person may be written to about a list. That they have left it is theirs to take back, by confirming. */
function mayBeWrittenTo(subjectHashes: string[], listId: string): SQL {
  return sql`NOT ${isSuppressed(subjectHashes, listId, sql`<> 'unsubscribed'`)}`;
}

function isSuppressed(subjectHashes: string[], listId: string, reason: SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM ${suppressions}
    WHERE ${inArray(suppressions.subjectHash, subjectHashes)} AND ${inArray(suppressions.listId, ['', listId])}
      AND ${suppressions.reason} ${reason})`;
}

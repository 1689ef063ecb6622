import { and, eq, sql } from 'drizzle-orm';
import { subscribers, subscriptions } from '../../drizzle/newsletter.ts';
import { reviseAnswers } from '../idempotency/statements.ts';
import { dayMs, minuteMs } from '../lib/units.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { insertConsent, isSuppressed, mayBeWrittenTo, type NewConsent } from './statements.ts';

export type NewSubscriber = Pick<
  typeof subscribers.$inferSelect,
  'id' | 'email' | 'emailKey' | 'fullName' | 'language' | 'tags' | 'attributes'
>;
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

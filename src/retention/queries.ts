import { sql, type SQL } from 'drizzle-orm';
import { dayMs } from '../lib/units.ts';
import type { Orm } from '../platform/database.ts';

/** So much is removed in one batch: more could hold up others. */
export const mostInBatch = 200;

/** For so long a sign-up that nobody confirms is kept after it was last asked for, and a confirmation once it is over. */
export const keptMs = 30 * dayMs;

/** A subscription that is over, and what stands for its person from then on. */
export type Ended = { subscriberId: string; listId: string; emailKey: string };

// A CROSS JOIN begins with its first table: SQLite would rather look at every lead than at every form.

/**
 * Selects the ids of leads that their form keeps no longer: neither they nor what was sent of them changed since, and
 * none of it was sent to another form that keeps it. As many as go in one batch.
 */
export function oldLeads(now: number): SQL {
  return sql`(SELECT leads.id FROM forms CROSS JOIN leads ON leads.form_id = forms.id
    WHERE forms.retention_days IS NOT NULL AND ${isIdle(now)}
      AND NOT EXISTS (SELECT 1 FROM submissions AS kept JOIN forms AS own ON own.id = kept.form_id
        WHERE kept.lead_id = leads.id AND own.id <> forms.id
          AND (own.retention_days IS NULL OR kept.created_at >= ${now} - own.retention_days * ${dayMs}))
    LIMIT ${mostInBatch})`;
}

/**
 * Selects the ids of submissions that their form keeps no longer, as many as go in one batch: of no lead, of a lead of
 * another form, or of one that only another form still keeps.
 */
export function oldSubmissions(now: number): SQL {
  return sql`(SELECT submissions.id FROM forms CROSS JOIN submissions ON submissions.form_id = forms.id
    WHERE forms.retention_days IS NOT NULL
      AND submissions.created_at < ${oldest(now)}
      AND NOT EXISTS (SELECT 1 FROM leads
        WHERE leads.id = submissions.lead_id AND leads.form_id = forms.id AND NOT (${isIdle(now)}))
    LIMIT ${mostInBatch})`;
}

/** Since when a form keeps what came. */
function oldest(now: number): SQL {
  return sql`${now} - forms.retention_days * ${dayMs}`;
}

/** Whether nothing has happened to a lead for as long as its form keeps it. */
function isIdle(now: number): SQL {
  return sql`leads.created_at < ${oldest(now)} AND leads.updated_at < ${oldest(now)}
    AND NOT EXISTS (SELECT 1 FROM submissions AS later WHERE later.lead_id = leads.id AND later.created_at >= ${oldest(now)})`;
}

/** Subscriptions that ended longer ago than their list keeps them. */
export function selectEnded(orm: Orm, now: number): PromiseLike<Ended[]> {
  return orm.all(sql`SELECT ${endedColumns} FROM lists CROSS JOIN subscriptions ON subscriptions.list_id = lists.id
    JOIN subscribers ON subscribers.id = subscriptions.subscriber_id
    WHERE ${isEnded(now)} LIMIT ${mostInBatch}`);
}

/** Sign-ups that nobody has confirmed. */
export function selectUnconfirmed(orm: Orm, now: number): PromiseLike<Ended[]> {
  return orm.all(sql`SELECT ${endedColumns} FROM subscriptions
    JOIN subscribers ON subscribers.id = subscriptions.subscriber_id
    WHERE ${isUnconfirmed(now)} LIMIT ${mostInBatch}`);
}

const endedColumns = sql.raw(
  'subscriber_id AS "subscriberId", list_id AS "listId", email_key AS "emailKey"',
);

/** Whether a subscription ended longer ago than its list keeps it, and nobody is about to take it up again. */
export function isEnded(now: number): SQL {
  return sql`lists.retention_days IS NOT NULL AND subscriptions.state IN ('unsubscribed', 'bounced', 'complained')
    AND subscriptions.updated_at < ${now} - lists.retention_days * ${dayMs}
    AND NOT EXISTS (SELECT 1 FROM confirmations WHERE confirmations.subscriber_id = subscriptions.subscriber_id
      AND confirmations.list_id = subscriptions.list_id AND used_at IS NULL AND expires_at > ${now})`;
}

/** Whether nobody has confirmed a sign-up for long, nor asked for it again. */
export function isUnconfirmed(now: number): SQL {
  const oldest = now - keptMs;
  return sql`subscriptions.state = 'pending' AND subscriptions.updated_at < ${oldest}
    AND NOT EXISTS (SELECT 1 FROM confirmations WHERE confirmations.subscriber_id = subscriptions.subscriber_id
      AND confirmations.list_id = subscriptions.list_id AND confirmations.created_at >= ${oldest})`;
}

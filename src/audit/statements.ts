import { eq, sql, type SQL } from 'drizzle-orm';
import { auditLog } from '../../drizzle/audit.ts';
import { newId } from '../lib/ids.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** A sensitive act. `actor` is a key's id or `cli`; `detail` holds no personal data. */
export type Act = {
  id: string;
  action:
    | 'key.issued'
    | 'key.revoked'
    | 'lead.deleted'
    | 'form.created'
    | 'form.changed'
    | 'form.address_replaced'
    | 'form.deleted'
    | 'submission.reviewed'
    | 'submission.deleted'
    | 'list.created'
    | 'list.changed'
    | 'list.deleted'
    | 'subscriber.changed'
    | 'subscriber.unsubscribed'
    | 'subscriber.deleted'
    | 'subscribers.imported'
    | 'subscribers.exported'
    | 'leads.exported'
    | 'suppression.added'
    | 'suppression.removed'
    | 'subject.exported'
    | 'subject.erased'
    | 'outbox.retried'
    | 'outbox.dropped';
  actor: string;
  targetId: string;
  requestId: string | null;
  detail: Record<string, unknown>;
  at: number;
};

/** Who acts: a key's id or `cli`, and the request that it did so with; null where there was none. */
export type By = Pick<Act, 'actor' | 'requestId'>;

/** Gives an act its id and time; made once, before the first try to store it. */
export function newAct(act: Omit<Act, 'id'>): Act {
  return { id: newId('aud', act.at), ...act };
}

/** A condition that holds. */
export const always = sql`true`;

/**
 * The statement that records an act, for the batch that carries it out. With `onlyIf` the batch fails, by the constraint
 * `not_null`, where that does not hold, or where it was carried out before: its answer was lost, and others may have
 * acted since.
 */
export function recordAct(orm: Orm, act: Act, onlyIf?: SQL): Statement {
  const isFirst = sql`NOT EXISTS (SELECT 1 FROM ${auditLog} WHERE ${eq(auditLog.id, act.id)})`;
  const guarded = sql`CASE WHEN ${isFirst} AND ${onlyIf} THEN ${JSON.stringify(act.detail)} END`;
  return orm
    .insert(auditLog)
    .values({ ...act, detail: onlyIf === undefined ? act.detail : guarded })
    .onConflictDoNothing({ target: auditLog.id });
}

/** Whether an act was recorded: then the batch that it was part of was carried out. */
export async function isRecorded(orm: Orm, actId: string): Promise<boolean> {
  const rows = await orm
    .select({ id: auditLog.id })
    .from(auditLog)
    .where(eq(auditLog.id, actId))
    .limit(1);
  return rows.length > 0;
}

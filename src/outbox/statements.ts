import { inArray, type SQLWrapper } from 'drizzle-orm';
import { outbox } from '../../drizzle/outbox.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** Something that is to be sent, and has been claimed for that. */
export type OutboxRow = typeof outbox.$inferSelect;

/** The statement that has a form's people told of an entry, for the batch that keeps it. */
export function notify(
  orm: Orm,
  notice: { id: string; resourceId: string; formId: string; at: number },
): Statement {
  const { id, resourceId, formId, at } = notice;
  const row = { id, resourceId, topic: 'lead_notification', payload: { form_id: formId } };
  return orm
    .insert(outbox)
    .values({ ...row, dueAt: at, createdAt: at })
    .onConflictDoNothing({ target: outbox.id });
}

/** The statement that takes back what was to be sent about resources, and forgets what was. */
export function dropNotices(orm: Orm, resourceIds: string[] | SQLWrapper): Statement {
  return orm.delete(outbox).where(inArray(outbox.resourceId, resourceIds));
}

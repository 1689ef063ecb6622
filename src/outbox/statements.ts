import { eq, inArray } from 'drizzle-orm';
import { outbox } from '../../drizzle/outbox.ts';
import type { Ids, Orm, Statement } from '../platform/database.ts';

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

/** The statement that takes back what was not sent yet about a resource, or about those that a query finds. */
export function dropNotices(orm: Orm, resource: string | Ids): Statement {
  const { resourceId } = outbox;
  return orm
    .delete(outbox)
    .where(typeof resource === 'string' ? eq(resourceId, resource) : inArray(resourceId, resource));
}

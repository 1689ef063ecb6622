import { inArray, type SQLWrapper } from 'drizzle-orm';
import { outbox } from '../../drizzle/outbox.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** Something that is to be sent, or was. */
export type OutboxRow = typeof outbox.$inferSelect;

/** Something to be sent as soon as it is written down. */
export type NewOutboxRow = Pick<OutboxRow, 'id' | 'topic' | 'resourceId' | 'payload' | 'createdAt'>;

/** The statements that have rows sent, for the batch of what they tell of. */
export function enqueue(orm: Orm, rows: NewOutboxRow[]): Statement[] {
  return rows.map((row) =>
    orm
      .insert(outbox)
      .values({ ...row, dueAt: row.createdAt })
      .onConflictDoNothing({ target: outbox.id }),
  );
}

/** The statement that takes back what was to be sent about resources, and forgets what was. */
export function dropNotices(orm: Orm, resourceIds: string[] | SQLWrapper): Statement {
  return orm.delete(outbox).where(inArray(outbox.resourceId, resourceIds));
}

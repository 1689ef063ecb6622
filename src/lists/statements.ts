import { and, eq, exists, type SQL } from 'drizzle-orm';
import { lists } from '../../drizzle/lists.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** A list as it is stored. */
export type List = typeof lists.$inferSelect;

/** Whether there is a list that strangers may sign up to. */
export function isPublicList(orm: Orm, id: string): SQL {
  return exists(
    orm
      .select({ id: lists.id })
      .from(lists)
      .where(and(eq(lists.id, id), eq(lists.visibility, 'public'))),
  );
}

/** Keeps a list. */
export function insertList(orm: Orm, list: List): Statement {
  return orm.insert(lists).values(list).onConflictDoNothing({ target: lists.id });
}

/** Changes a list; its version is the caller's to raise. */
export function updateList(orm: Orm, id: string, changes: Partial<List>): Statement {
  return orm.update(lists).set(changes).where(eq(lists.id, id));
}

/** Deletes a list. The batch fails while a form, a subscription or a consent refers to it. */
export function removeList(orm: Orm, id: string): Statement {
  return orm.delete(lists).where(eq(lists.id, id));
}

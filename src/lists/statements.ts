import { and, eq, exists, type SQL } from 'drizzle-orm';
import { lists } from '../../drizzle/lists.ts';
import type { Orm } from '../platform/database.ts';

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

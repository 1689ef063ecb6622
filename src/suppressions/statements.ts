import { and, eq, exists, inArray, type SQL } from 'drizzle-orm';
import { lists } from '../../drizzle/lists.ts';
import { suppressions } from '../../drizzle/newsletter.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** Somebody who is not written to, and why. */
export type Suppression = typeof suppressions.$inferSelect;

/** Keeps a suppression; a repeat changes nothing. */
export function insertSuppression(orm: Orm, suppression: Suppression): Statement {
  return orm.insert(suppressions).values(suppression).onConflictDoNothing();
}

/** Whether there is such a list. */
export function isList(orm: Orm, id: string): SQL {
  return exists(orm.select({ id: lists.id }).from(lists).where(eq(lists.id, id)));
}

/** One suppression of a person: whichever of their hashes it is kept under. */
export type Suppressed = Pick<Suppression, 'listId' | 'reason'> & { subjectHashes: string[] };

/** Whether somebody is suppressed. */
export function isSuppressed(orm: Orm, of: Suppressed): SQL {
  return exists(orm.select({ reason: suppressions.reason }).from(suppressions).where(means(of)));
}

/** Lifts a suppression. */
export function removeSuppression(orm: Orm, of: Suppressed): Statement {
  return orm.delete(suppressions).where(means(of));
}

function means({ subjectHashes, listId, reason }: Suppressed) {
  return and(
    inArray(suppressions.subjectHash, subjectHashes),
    eq(suppressions.listId, listId),
    eq(suppressions.reason, reason),
  );
}

import { desc, eq, lt, sql } from 'drizzle-orm';
import { imports } from '../../drizzle/newsletter.ts';
import type { Orm } from '../platform/database.ts';
import type { Counts } from './contract.ts';
import { isSameOpen, tally, type Arrivals, type Import } from './statements.ts';

/** The import with this id. */
export function findImport(orm: Orm, id: string): PromiseLike<Import[]> {
  return orm.select().from(imports).where(eq(imports.id, id)).limit(1);
}

/** The open import that this one would go on with. */
export function findSameOpen(orm: Orm, like: Import): PromiseLike<Import[]> {
  return orm.select().from(imports).where(isSameOpen(like)).limit(1);
}

/** Imports, newest first: their ids are ordered by time. */
export function selectImports(
  orm: Orm,
  beforeId: string | null,
  count: number,
): PromiseLike<Import[]> {
  return orm
    .select()
    .from(imports)
    .where(beforeId === null ? undefined : lt(imports.id, beforeId))
    .orderBy(desc(imports.id))
    .limit(count);
}

/** What would become of people, as things are; nothing where there is no such list. */
export function foretell(orm: Orm, arrivals: Arrivals): PromiseLike<Omit<Counts, 'invalid'>[]> {
  return orm.all(
    sql`SELECT t.* FROM lists, (${tally(arrivals)}) AS t WHERE id = ${arrivals.listId}`,
  );
}

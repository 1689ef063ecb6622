import { and, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import { suppressions } from '../../drizzle/newsletter.ts';
import type { Orm } from '../platform/database.ts';
import type { Position } from '../platform/keyset.ts';
import type { SuppressionFilter } from './contract.ts';
import type { Suppression } from './statements.ts';

/** A suppression, with the number that tells those of one moment apart. */
export type ListedSuppression = Suppression & { seq: number };

const seq = sql<number>`${suppressions}.rowid`;

/** Suppressions, newest first, after a position: of the person with these hashes, or of all where that is null. */
export function selectSuppressions(
  orm: Orm,
  { list_id: listId, reason }: Omit<SuppressionFilter, 'email'>,
  subjectHashes: string[] | null,
  after: Position | null,
  count: number,
): PromiseLike<ListedSuppression[]> {
  const { createdAt, subjectHash } = suppressions;
  return orm
    .select({ ...getTableColumns(suppressions), seq })
    .from(suppressions)
    .where(
      and(
        subjectHashes === null ? undefined : inArray(subjectHash, subjectHashes),
        listId === undefined ? undefined : eq(suppressions.listId, listId),
        reason === undefined ? undefined : eq(suppressions.reason, reason),
        after === null
          ? undefined
          : sql`(${createdAt}, ${seq}) < (${after.value}, CAST(${after.id} AS INTEGER))`,
      ),
    )
    .orderBy(desc(createdAt), desc(seq))
    .limit(count);
}

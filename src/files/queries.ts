import { and, eq, inArray, isNotNull, isNull, notExists, sql, type SQL } from 'drizzle-orm';
import { files } from '../../drizzle/files.ts';
import type { Orm, Statement } from '../platform/database.ts';
import type { FileRow } from './statements.ts';

/** The file with this id, while there is a submission that it came with, and bytes of it. */
export async function findFile(orm: Orm, id: string): Promise<FileRow | undefined> {
  const readable = and(eq(files.id, id), isNotNull(files.submissionId), eq(files.stored, true));
  const rows = await orm.select().from(files).where(readable).limit(1);
  return rows[0];
}

/** The files of a submission, in the order in which they came. */
export function selectFilesOf(orm: Orm, submissionId: string): PromiseLike<FileRow[]> {
  return orm.select().from(files).where(eq(files.submissionId, submissionId)).orderBy(files.id);
}

/** Puts a file that is stored in the place of one like it that could not be. Does nothing once that is done. */
export function replaceMissing(
  orm: Orm,
  { submissionId, ...row }: FileRow & { submissionId: string },
): Statement {
  const isLikeIt = and(
    eq(files.submissionId, submissionId),
    eq(files.stored, false),
    eq(files.field, row.field),
    eq(files.bytes, row.bytes),
  );
  const done = orm.select().from(files).where(eq(files.id, row.id));
  const missing = orm
    .select({ id: files.id })
    .from(files)
    .where(and(isLikeIt, notExists(done)))
    .limit(1);
  return orm.update(files).set(row).where(inArray(files.id, missing));
}

/** Files whose submission is gone. */
export function selectAbandoned(orm: Orm, count: number): PromiseLike<{ id: string }[]> {
  return orm.select({ id: files.id }).from(files).where(isNull(files.submissionId)).limit(count);
}

/** Which of these ids are those of stored files. */
export function selectStored(orm: Orm, ids: string[]): PromiseLike<{ id: string }[]> {
  const isStored = and(eq(files.stored, true), inArray(files.id, listed(ids)));
  return orm.select({ id: files.id }).from(files).where(isStored);
}

/** Removes the rows of files, not their bytes. */
export function removeFiles(orm: Orm, ids: string[]): Statement {
  return orm.delete(files).where(inArray(files.id, listed(ids)));
}

/** Many values as one parameter. */
function listed(values: string[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

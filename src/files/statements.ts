import { files } from '../../drizzle/files.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** A file as it is noted in the database. */
export type FileRow = typeof files.$inferSelect;

/** The statements that note files, for the batch that keeps their submission. */
export function insertFiles(orm: Orm, rows: FileRow[]): Statement[] {
  return rows.map((row) => orm.insert(files).values(row).onConflictDoNothing({ target: files.id }));
}

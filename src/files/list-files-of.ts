import type { Deps } from '../deps.ts';
import type { FileJson } from './contract.ts';
import { selectFilesOf } from './queries.ts';

/** The files of a submission, in the order in which they came. */
export async function listFilesOf(
  deps: Pick<Deps, 'database'>,
  submissionId: string,
): Promise<FileJson[]> {
  const rows = await deps.database.read((orm) => selectFilesOf(orm, submissionId));
  return rows.map((row) => ({
    id: row.id,
    field: row.field,
    filename: row.filename,
    kind: row.kind,
    media_type: row.mediaType,
    bytes: row.bytes,
    width: row.width,
    height: row.height,
    stored: row.stored,
  }));
}

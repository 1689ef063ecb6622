import type { Deps } from '../deps.ts';
import type { FileJson } from './contract.ts';
import { selectFilesOf } from './queries.ts';

/** The files of a submission, in the order in which they came. */
export async function listFilesOf(
  deps: Pick<Deps, 'database'>,
  submissionId: string,
): Promise<FileJson[]> {
  const rows = await deps.database.read((orm) => selectFilesOf(orm, submissionId));
  return rows.map(({ mediaType, submissionId: _, createdAt: __, ...file }) => ({
    ...file,
    media_type: mediaType,
  }));
}

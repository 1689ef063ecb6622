import type { Deps } from '../deps.ts';
import { AppError, notFound } from '../errors.ts';
import { findFile } from './queries.ts';
import type { FileRow } from './statements.ts';

/** What is known of a file that can be read. Throws `not_found`, also once its submission is gone. */
export async function readFile(deps: Pick<Deps, 'database'>, id: string): Promise<FileRow> {
  const file = await deps.database.read((orm) => findFile(orm, id));
  if (file === undefined) throw notFound('file');
  return file;
}

/** The bytes of a file. Throws `unavailable` when R2 does not give them. */
export async function readBytes(
  deps: Pick<Deps, 'files'>,
  { id }: FileRow,
): Promise<ReadableStream> {
  const body = await deps.files.get(id);
  if (body !== null) return body;
  throw new AppError('unavailable', 'The bytes of this file are not where they were stored.', {
    retryAfter: 60,
    reason: 'ObjectMissing',
  });
}

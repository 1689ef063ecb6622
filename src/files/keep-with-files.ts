import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import type { AnswerOnce } from '../idempotency/answer-once.ts';
import type { AcceptedFile } from './contract.ts';
import { replaceMissing, selectFilesOf } from './queries.ts';
import type { FileRow } from './statements.ts';
import { storeFiles } from './store-files.ts';

type KeepDeps = Pick<Deps, 'database' | 'files' | 'waitUntil'>;

/**
 * Keeps a submission whose files have been put into R2, and removes those that nobody needs: its repeat brought them
 * again, or it was refused. Throws `files_not_stored` where the submission is kept, but one of its files is not; a
 * repeat of it makes up for that.
 */
export async function keepWithFiles(
  deps: KeepDeps,
  rows: FileRow[],
  keep: () => Promise<AnswerOnce>,
): Promise<AnswerOnce> {
  try {
    const once = await keep();
    const kept = once.replayed ? await completeFiles(deps, once.answer.resourceId, rows) : rows;
    discard(
      deps,
      rows.filter(({ id }) => !kept.some((row) => row.id === id)),
    );
    if (kept.every((row) => row.stored)) return once;
  } catch (error) {
    // A batch whose answer was lost may have been kept. The cron removes its files if it was not.
    const uncertain = error instanceof AppError && error.code === 'unavailable';
    if (!uncertain) discard(deps, rows);
    throw error;
  }
  throw new AppError(
    'files_not_stored',
    'The entry has arrived, but not all of its files could be stored. Send it again with them.',
    { retryAfter: 5 },
  );
}

/** Makes up for files that could not be stored with an earlier submission, which is being repeated. */
export async function repeatFiles(
  deps: KeepDeps & Pick<Deps, 'now' | 'deadline'>,
  earlier: AnswerOnce,
  accepted: AcceptedFile[],
): Promise<AnswerOnce> {
  const submission = { id: earlier.answer.resourceId, createdAt: deps.now() };
  const rows = await storeFiles(deps, submission, accepted);
  return keepWithFiles(deps, rows, () => Promise.resolve(earlier));
}

/** Gives an earlier submission those files that could not be stored with it. Returns all that it has now. */
async function completeFiles(
  deps: KeepDeps,
  submissionId: string,
  rows: FileRow[],
): Promise<FileRow[]> {
  if (rows.length === 0) return [];
  const readAll = () => deps.database.read((orm) => selectFilesOf(orm, submissionId));
  const earlier = await readAll();
  if (earlier.every((row) => row.stored)) return earlier;
  const stored = rows.filter((row) => row.stored);
  await deps.database.write((orm) =>
    stored.map((row) => replaceMissing(orm, { ...row, submissionId })),
  );
  return readAll();
}

function discard(deps: KeepDeps, rows: FileRow[]): void {
  const ids = rows.filter((row) => row.stored).map((row) => row.id);
  if (ids.length === 0) return;
  // What stays behind is found by the cron.
  deps.waitUntil(deps.files.remove(ids).catch(() => {}));
}

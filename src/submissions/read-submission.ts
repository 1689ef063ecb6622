import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { findSubmission } from './queries.ts';
import type { Submission } from './statements.ts';

/** One submission. Throws `not_found`. */
export async function readSubmission(
  deps: Pick<Deps, 'database'>,
  id: string,
): Promise<Submission> {
  const submission = await deps.database.read((orm) => findSubmission(orm, id));
  if (submission === undefined) throw notFound('submission');
  return submission;
}

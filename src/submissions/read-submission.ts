import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import type { Submission } from '../leads/statements.ts';
import { findSubmission } from './queries.ts';

/** One submission. Throws `not_found`. */
export async function readSubmission(
  deps: Pick<Deps, 'database'>,
  id: string,
): Promise<Submission> {
  const submission = await deps.database.read((orm) => findSubmission(orm, id));
  if (submission === undefined) throw notFound('submission');
  return submission;
}

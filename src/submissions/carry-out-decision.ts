import { carryOut } from '../audit/carry-out.ts';
import type { Act } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { ConstraintError, type Orm, type Statement } from '../platform/database.ts';
import { isUnchanged, type Ties } from './queries.ts';
import type { Submission } from './statements.ts';

/** What the use cases on submissions need. */
export type SubmissionDeps = Pick<Deps, 'database' | 'now' | 'deadline'> & {
  config: Pick<Deps['config'], 'secrets' | 'subjectSecrets'>;
};

/** When an act happens, in epoch milliseconds: after the review before it, since that tells one state from the next. */
export function timeOfAct(deps: Pick<Deps, 'now'>, { reviewedAt }: Submission): number {
  return Math.max(deps.now(), (reviewedAt ?? 0) + 1);
}

/**
 * Carries out what was decided about a submission. Returns false when another writer was first: what was read before is
 * no longer so.
 */
export async function carryOutDecision(
  deps: Pick<Deps, 'database'>,
  decided: { act: Act; before: Submission; ties: Ties | null },
  statements: (orm: Orm) => Statement[],
): Promise<boolean> {
  const { act, before, ties } = decided;
  try {
    return await carryOut(deps, act, (orm) => isUnchanged(orm, before, ties), statements);
  } catch (error) {
    // The form is gone.
    if (error instanceof ConstraintError && error.constraint === 'foreign_key') return false;
    throw error;
  }
}

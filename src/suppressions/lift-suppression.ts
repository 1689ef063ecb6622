import { newAct, recordAct, type By } from '../audit/statements.ts';
import { wasCarriedOut } from '../audit/was-carried-out.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { subjectHashes, type SubjectConfig } from '../newsletter/subject-hash.ts';
import type { Lift } from './contract.ts';
import { isSuppressed, removeSuppression } from './statements.ts';

/**
 * Lifts one suppression of an address. Subscriptions stay as they are: the person comes back by signing up. Throws
 * `not_found`.
 */
export async function liftSuppression(
  deps: Pick<Deps, 'database' | 'now'> & { config: SubjectConfig },
  { email, list_id: listId = '', reason }: Lift,
  by: By,
): Promise<void> {
  const hashes = await subjectHashes(deps.config, email.key);
  const of = { subjectHashes: hashes, listId, reason };
  const detail = { list_id: listId || null, reason };
  const about = { targetId: hashes[0], detail, at: deps.now() };
  const act = newAct({ action: 'suppression.removed', ...by, ...about });
  try {
    await deps.database.write((orm) => [
      recordAct(orm, act, isSuppressed(orm, of)),
      removeSuppression(orm, of),
    ]);
  } catch (error) {
    if (!(await wasCarriedOut(deps, act, error))) throw notThere;
  }
}

const notThere = new AppError(
  'not_found',
  'This address has no suppression for this list and reason. Without reason it is about blocked alone, without list_id about all lists.',
);

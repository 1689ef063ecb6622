import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { subjectHashes, type SubjectConfig } from '../subjects/subject-hash.ts';
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
  const isDone = await carryOut(
    deps,
    act,
    (orm) => isSuppressed(orm, of),
    (orm) => [removeSuppression(orm, of)],
  );
  if (!isDone) throw notThere;
}

const notThere = new AppError(
  'not_found',
  'This address has no suppression for this list and reason. Without reason it is about blocked alone, without list_id about all lists.',
);

import type { Deps } from '../deps.ts';
import { ConstraintError } from '../platform/database.ts';
import { isRecorded, type Act } from './statements.ts';

/**
 * What to make of a batch that failed, whose act was recorded `onlyIf`: true when our own first try was carried out
 * and only its answer was lost, false when another writer was first. Throws any other error again.
 */
export async function wasCarriedOut(
  deps: Pick<Deps, 'database'>,
  act: Act,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof ConstraintError) || error.constraint !== 'not_null') throw error;
  return deps.database.read((orm) => isRecorded(orm, act.id));
}

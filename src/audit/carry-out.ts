import type { Deps } from '../deps.ts';
import { ConstraintError, type Orm, type Statement } from '../platform/database.ts';
import { always, isRecorded, recordAct, type Act } from './statements.ts';

/** What has to hold for an act, such as that a row is still as it was read. */
type Condition = Parameters<typeof recordAct>[2];

/**
 * Carries an act out and records it, in one batch, where `onlyIf` still holds. Returns false where it does not: another
 * writer was first. Once, also where our own first try was kept and only its answer lost. Throws what else made the batch fail.
 */
export async function carryOut(
  deps: Pick<Deps, 'database'>,
  act: Act,
  onlyIf: (orm: Orm) => Condition,
  statements: (orm: Orm) => Statement[],
): Promise<boolean> {
  try {
    await deps.database.write((orm) => [
      recordAct(orm, act, onlyIf(orm) ?? always),
      ...statements(orm),
    ]);
    return true;
  } catch (error) {
    return wasCarriedOut(deps, act, error);
  }
}

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

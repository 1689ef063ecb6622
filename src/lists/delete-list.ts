import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { eraseAnswers } from '../idempotency/statements.ts';
import { firstListId } from '../newsletter/contract.ts';
import { ConstraintError } from '../platform/database.ts';
import { requireKnown, untilFirst, type KnownVersions } from '../platform/versions.ts';
import { isUnchanged } from './queries.ts';
import { readList } from './read-list.ts';
import { removeList } from './statements.ts';

/**
 * Deletes a list that nobody ever was on. Throws `not_found`, `precondition_failed`, and `conflict` where a form signs
 * people up to it, or there is evidence of what people agreed to.
 */
export async function deleteList(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'>,
  id: string,
  by: By & { known: KnownVersions },
): Promise<void> {
  const { known, ...author } = by;
  await untilFirst(deps, 'list', async () => {
    const list = await readList(deps, id);
    requireKnown('list', list.version, known);
    if (id === firstListId) throw isFirst;
    const [at, detail] = [deps.now(), { name: list.name }];
    const act = newAct({ action: 'list.deleted', ...author, targetId: id, detail, at });
    try {
      const isDone = await carryOut(
        deps,
        act,
        (orm) => isUnchanged(orm, list),
        (orm) => [removeList(orm, id), ...eraseAnswers(orm, [id])],
      );
      return isDone ? list : null;
    } catch (error) {
      if (error instanceof ConstraintError && error.constraint === 'foreign_key') throw isInUse;
      throw error;
    }
  });
}

const isInUse = new AppError(
  'conflict',
  'A form signs people up to this list, or people are or were on it, and the evidence of that has to stay. Point the forms to another list, and set visibility to private: nobody finds it then.',
);
const isFirst = new AppError(
  'conflict',
  'Sign-ups that name no list join this one. Set visibility to private if nobody shall find it.',
);

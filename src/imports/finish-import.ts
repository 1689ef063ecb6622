import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import type { Deps } from '../deps.ts';
import { untilFirst } from '../platform/versions.ts';
import { countsOf } from './present-import.ts';
import { readImport } from './read-import.ts';
import { endImport, isAt, type Import } from './statements.ts';

/** Ends an import: it takes no more rows. A repeat changes nothing. Throws `not_found`. */
export function finishImport(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'>,
  id: string,
  by: By,
): Promise<Import> {
  return untilFirst(deps, 'import', async () => {
    const found = await readImport(deps, id);
    if (found.state === 'done') return found;
    const at = deps.now();
    const { listId, rowsDone } = found;
    const detail = { list_id: listId, rows_done: rowsDone, ...countsOf(found) };
    const act = newAct({ action: 'subscribers.imported', ...by, targetId: id, detail, at });
    const isDone = await carryOut(
      deps,
      act,
      () => isAt(id, rowsDone),
      (orm) => [endImport(orm, id, at)],
    );
    return isDone ? { ...found, state: 'done', updatedAt: at } : null;
  });
}

import { newAct, recordAct, type By } from '../audit/statements.ts';
import { wasCarriedOut } from '../audit/carry-out.ts';
import type { Deps } from '../deps.ts';
import { AppError, noSuch } from '../errors.ts';
import { sha256 } from '../lib/hashing.ts';
import type { SubjectConfig } from '../subjects/subject-hash.ts';
import type { Counts, RowError, Rows } from './contract.ts';
import { judgeRows } from './judge-rows.ts';
import { foretell } from './queries.ts';
import { readImport } from './read-import.ts';
import { isAt, takeBatch, type Import } from './statements.ts';

type RowDeps = Pick<Deps, 'database' | 'now'> & { config: SubjectConfig };

/**
 * Takes some rows of an import, where it is at them: all that can be taken and the import's progress, or nothing. A
 * batch that comes twice is refused the second time, and so is the later of two at once. Throws `not_found`, `conflict`.
 */
export async function takeRows(
  deps: RowDeps,
  id: string,
  batch: Rows,
  by: By,
): Promise<{ row: Import; errors: RowError[] }> {
  const found = await readImport(deps, id);
  requireAt(found, batch.from);
  const { people, invalid, errors } = await judgeRows(deps, found.onConflict, batch);
  const at = deps.now();
  const text = found.consent;
  const consent = { text, textHash: await sha256(text ?? ''), actor: by.actor, at };
  const rows = batch.rows.length;
  const detail = { list_id: found.listId, from: batch.from, rows };
  const act = newAct({ action: 'subscribers.imported', ...by, targetId: id, detail, at });
  try {
    await deps.database.write((orm) => [
      recordAct(orm, act, isAt(id, batch.from)),
      ...takeBatch(orm, { ...found, importId: id, people, rows, invalid, consent }),
    ]);
  } catch (error) {
    if (!(await wasCarriedOut(deps, act, error))) {
      requireAt(await readImport(deps, id), batch.from);
      throw error;
    }
  }
  return { row: await readImport(deps, id), errors };
}

/** What would become of rows, as things are. Writes nothing. Throws `validation_failed` where there is no such list. */
export async function foretellRows(
  deps: RowDeps,
  about: Pick<Import, 'listId' | 'onConflict'>,
  batch: Rows,
): Promise<{ counts: Counts; errors: RowError[] }> {
  const { people, invalid, errors } = await judgeRows(deps, about.onConflict, batch);
  const [counts] = await deps.database.read((orm) => foretell(orm, { ...about, people }));
  if (counts === undefined) {
    throw noSuch('list_id', 'list');
  }
  return { counts: { ...counts, invalid }, errors };
}

function requireAt({ state, rowsDone }: Import, from: number): void {
  if (state === 'done') throw new AppError('conflict', 'This import has ended. Begin another one.');
  if (rowsDone === from) return;
  throw new AppError(
    'conflict',
    `This import has taken ${rowsDone} rows: send those after them, from ${rowsDone}.`,
  );
}

import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import { ConstraintError, explainReference } from '../platform/database.ts';
import type { NewImport } from './contract.ts';
import { presentImport } from './present-import.ts';
import { findSameOpen } from './queries.ts';
import { insertImport, type Import } from './statements.ts';

/**
 * Begins an import (201), or finds the one to go on with (200): it is open, has a fingerprint, and its sender has said
 * the same of it.
 */
export async function createImport(
  deps: Pick<Deps, 'database' | 'now'>,
  { list_id: listId, on_conflict: onConflict, rows_total: rowsTotal, ...said }: NewImport,
  actor: string,
  tokens: IdempotencyToken[],
): Promise<AnswerOnce> {
  const at = deps.now();
  const none = { rowsDone: 0, added: 0, changed: 0, unchanged: 0, suppressed: 0, invalid: 0 };
  const row: Import = {
    ...{ id: newId('imp', at), listId, onConflict, ...said, state: 'open', rowsTotal },
    ...{ ...none, actor, createdAt: at, updatedAt: at },
  };
  const answer = { resourceId: row.id, status: 201, body: presentImport(row) } as const;
  try {
    return await answerOnce(deps, tokens, answer, (orm) => [insertImport(orm, row)]);
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.constraint !== 'not_null') {
      throw explainReference(error, 'list_id', 'list');
    }
    const [open] = await deps.database.read((orm) => findSameOpen(orm, row));
    if (open === undefined)
      throw new AppError('conflict', 'This import has just ended. Try again.');
    const body = presentImport(open);
    return { answer: { resourceId: open.id, status: 200, body }, replayed: false };
  }
}

import { newAct, recordAct, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { removeRow } from './queries.ts';
import { readRow } from './read-row.ts';

/** Removes a row: what it tells of is never sent. The audit log keeps that it was done. Throws `not_found`. */
export async function dropRow(
  deps: Pick<Deps, 'database' | 'now'>,
  id: string,
  by: By,
): Promise<void> {
  const { topic, resourceId } = await readRow(deps, id);
  const detail = { topic, resource_id: resourceId };
  const act = newAct({ action: 'outbox.dropped', ...by, targetId: id, detail, at: deps.now() });
  await deps.database.write((orm) => [removeRow(orm, id), recordAct(orm, act)]);
}

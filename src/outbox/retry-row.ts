import { newAct, recordAct, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { revive, reviveDead } from './queries.ts';
import { readRow } from './read-row.ts';

type RetryDeps = Pick<Deps, 'database' | 'now'>;

/**
 * Makes a row due now, with all its attempts before it. Throws `not_found`, and `conflict` for one that was done: who
 * got it would take it for a repeat.
 */
export async function retryRow(deps: RetryDeps, id: string, by: By): Promise<void> {
  const { state } = await readRow(deps, id);
  if (state === 'done') throw new AppError('conflict', 'This has been sent.');
  const at = deps.now();
  const act = newAct({ action: 'outbox.retried', ...by, targetId: id, detail: {}, at });
  await deps.database.write((orm) => [revive(orm, id, at), recordAct(orm, act)]);
}

/** Makes every row that was given up due now, and says how many. */
export async function retryDead(deps: RetryDeps, by: By): Promise<number> {
  const at = deps.now();
  const act = newAct({ action: 'outbox.retried', ...by, targetId: 'dead', detail: {}, at });
  const [revived] = await deps.database.write((orm) => [reviveDead(orm, at), recordAct(orm, act)]);
  return (revived as { rowsAffected: number }).rowsAffected;
}

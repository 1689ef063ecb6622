import { carryOut } from '../audit/carry-out.ts';
import { newAct, recordAct, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { mayRevive, revive, reviveDead } from './queries.ts';
import { readRow } from './read-row.ts';

type RetryDeps = Pick<Deps, 'database' | 'now'>;

/**
 * Makes a row due now, with all its attempts before it. Throws `not_found`, and `conflict` for one that was sent or is
 * being sent: who got it would get it again.
 */
export async function retryRow(deps: RetryDeps, id: string, by: By): Promise<void> {
  const at = deps.now();
  const act = newAct({ action: 'outbox.retried', ...by, targetId: id, detail: {}, at });
  const isDone = await carryOut(
    deps,
    act,
    (orm) => mayRevive(orm, id, at),
    (orm) => [revive(orm, id, at)],
  );
  if (isDone) return;
  const { state } = await readRow(deps, id);
  const what = state === 'done' ? 'has been sent' : 'is being sent';
  throw new AppError('conflict', `This ${what}.`);
}

/**
 * Makes every row due now that was given up after all its attempts, and says how many. With a reason, those that ended
 * for it: the way to those which were refused.
 */
export async function retryDead(deps: RetryDeps, reason: string | null, by: By): Promise<number> {
  const at = deps.now();
  const act = newAct({ action: 'outbox.retried', ...by, targetId: 'dead', detail: { reason }, at });
  const [revived] = await deps.database.write((orm) => [
    reviveDead(orm, reason, at),
    recordAct(orm, act),
  ]);
  return (revived as { rowsAffected: number }).rowsAffected;
}

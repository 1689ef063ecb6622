import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { dayMs } from '../lib/units.ts';
import { removeEnded } from './queries.ts';

/** For so long it can be seen what was sent, and tried again what was not. */
const doneKeptMs = 30 * dayMs;
const deadKeptMs = 180 * dayMs;

/** Removes what was sent 30 days ago, and what was given up 180 days ago, and says how many. Run by the cron. */
export async function purgeOutbox(deps: Pick<Deps, 'database' | 'now'>): Promise<number> {
  const now = deps.now();
  const removed = await deps.database.write((orm) => [
    removeEnded(orm, 'done', newId('out', now - doneKeptMs)),
    removeEnded(orm, 'dead', newId('out', now - deadKeptMs)),
  ]);
  return removed.reduce(
    (sum: number, each) => sum + (each as { rowsAffected: number }).rowsAffected,
    0,
  );
}

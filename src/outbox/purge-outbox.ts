import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { dayMs } from '../lib/units.ts';
import { removeDone } from './queries.ts';

/** For so long it can be seen what was sent. */
const keptMs = 30 * dayMs;

/** Removes what was done of rows that are older than 30 days, and says how many. Run by the cron. */
export async function purgeOutbox(deps: Pick<Deps, 'database' | 'now'>): Promise<number> {
  const before = newId('out', deps.now() - keptMs);
  const [removed] = await deps.database.write((orm) => [removeDone(orm, before)]);
  return (removed as { rowsAffected: number }).rowsAffected;
}

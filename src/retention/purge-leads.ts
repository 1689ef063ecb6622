import type { Deps } from '../deps.ts';
import { eraseLeads } from '../leads/statements.ts';
import { eraseSubmissions } from '../submissions/statements.ts';
import { inBatches } from './in-batches.ts';
import { oldLeads, oldSubmissions } from './queries.ts';

type PurgeDeps = Pick<Deps, 'database' | 'now' | 'deadline'>;

/**
 * Removes leads that nothing has happened to for as many days as their form keeps them, with all that is theirs, and
 * what else was sent to the form and is kept no longer: spam, and what leads of other forms hold. Says how many. Run by
 * the cron.
 */
export function purgeLeads(deps: PurgeDeps): Promise<number> {
  const now = deps.now();
  return inBatches(deps, async () => {
    // In the same batch: what somebody works on again is not old any more.
    const leads = await deps.database.write((orm) => eraseLeads(orm, oldLeads(now)));
    const others = await deps.database.write((orm) => eraseSubmissions(orm, oldSubmissions(now)));
    // The last statement of each is the one that removes them.
    return [leads, others].map((done) => (done.at(-1) as { rowsAffected: number }).rowsAffected);
  });
}

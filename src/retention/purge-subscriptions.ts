import type { Deps } from '../deps.ts';
import { subjectHashes, type SubjectConfig } from '../subjects/subject-hash.ts';
import { inBatches } from './in-batches.ts';
import { selectEnded, selectUnconfirmed } from './queries.ts';
import { removeEnded, removeOldConfirmations } from './statements.ts';

type PurgeDeps = Pick<Deps, 'database' | 'now' | 'deadline'> & { config: SubjectConfig };

/**
 * Removes subscriptions that ended as many days ago as their list keeps them, and sign-ups that nobody has confirmed for
 * 30 days, with people who have no other. That they left, and what they had agreed to, stays known under a hash. Says
 * how many. Run by the cron.
 */
export function purgeSubscriptions(deps: PurgeDeps): Promise<number> {
  const now = deps.now();
  return inBatches(deps, async () => {
    const found = await Promise.all([
      deps.database.read((orm) => selectEnded(orm, now)),
      deps.database.read((orm) => selectUnconfirmed(orm, now)),
    ]);
    const ended = found.flat();
    if (ended.length > 0) {
      const hashes = await Promise.all(
        ended.map(async ({ emailKey }) => (await subjectHashes(deps.config, emailKey))[0] ?? ''),
      );
      await deps.database.write((orm) => removeEnded(orm, { ended, hashes, now }));
    }
    return found.map(({ length }) => length);
  });
}

/** Removes confirmations that have been over for 30 days, and says how many. Run by the cron. */
export function purgeConfirmations(
  deps: Pick<PurgeDeps, 'database' | 'now' | 'deadline'>,
): Promise<number> {
  const now = deps.now();
  return inBatches(deps, async () => {
    const [removed] = await deps.database.write((orm) => [removeOldConfirmations(orm, now)]);
    return [(removed as { rowsAffected: number }).rowsAffected];
  });
}

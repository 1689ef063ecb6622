import type { Deps } from '../deps.ts';
import { deleteExpiredAnswers } from './queries.ts';

/** Removes answers that have expired, and says how many. Run by the cron. */
export async function purgeIdempotencyKeys(deps: Pick<Deps, 'database' | 'now'>): Promise<number> {
  const [removed] = await deps.database.write((orm) => [deleteExpiredAnswers(orm, deps.now())]);
  return (removed as { rowsAffected: number }).rowsAffected;
}

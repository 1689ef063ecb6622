import type { Deps } from '../deps.ts';
import { deleteExpiredAnswers } from './queries.ts';

/** Removes answers that were kept for a day. Run by the cron. */
export async function purgeIdempotencyKeys(
  deps: Pick<Deps, 'database' | 'logger' | 'now'>,
): Promise<void> {
  const [result] = await deps.database.write((orm) => [deleteExpiredAnswers(orm, deps.now())]);
  const { rowsAffected } = result as { rowsAffected: number };
  deps.logger.task({ task: 'purge_idempotency_keys', count: rowsAffected });
}

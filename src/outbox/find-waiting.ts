import type { Deps } from '../deps.ts';
import { selectWaiting, type Waiting } from './queries.ts';

/** What waits to be sent at a moment. Throws `unavailable` when the database does not say so within some milliseconds. */
export async function findWaiting(
  deps: Pick<Deps, 'database'>,
  at: number,
  withinMs: number,
): Promise<Waiting> {
  const [waiting] = await deps.database.read((orm) => selectWaiting(orm, at), withinMs);
  return waiting ?? { oldestDueAt: null, dead: 0 };
}

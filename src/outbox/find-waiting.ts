import type { Deps } from '../deps.ts';
import { selectWaiting, type Waiting } from './queries.ts';

/** What waits to be sent. Throws `unavailable` when the database does not say so within some milliseconds. */
export async function findWaiting(
  deps: Pick<Deps, 'database'>,
  withinMs: number,
): Promise<Waiting> {
  const [waiting] = await deps.database.read((orm) => selectWaiting(orm), withinMs);
  return waiting ?? { oldestAt: null, dead: 0 };
}

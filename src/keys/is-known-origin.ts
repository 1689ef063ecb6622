import type { Deps } from '../deps.ts';
import { existsKeyWithOrigin } from './queries.ts';

/** Whether a live key names this origin. */
export function isKnownOrigin(
  deps: Pick<Deps, 'database' | 'now'>,
  origin: string,
): Promise<boolean> {
  return deps.database.read((orm) => existsKeyWithOrigin(orm, origin, deps.now()));
}

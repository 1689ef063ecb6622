import type { Deps } from '../deps.ts';
import { selectOrigins } from './queries.ts';

/**
 * Whether a live key answers pages at this origin, or did less than 10 s ago. A page can claim any origin, so the isolate keeps
 * them all: one read serves every question.
 */
export async function isKnownOrigin(
  deps: Pick<Deps, 'database' | 'keyCache' | 'now'>,
  origin: string,
): Promise<boolean> {
  const now = deps.now();
  const known = deps.keyCache.findOrigins(now);
  if (known !== undefined) return known.has(origin);
  const origins = new Set(await deps.database.read((orm) => selectOrigins(orm, now)));
  deps.keyCache.keepOrigins(origins, now);
  return origins.has(origin);
}

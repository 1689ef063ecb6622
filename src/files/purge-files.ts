import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { removeFiles, selectAbandoned, selectStored } from './queries.ts';
import { dayMs } from '../lib/units.ts';

type PurgeDeps = Pick<Deps, 'database' | 'files' | 'now'>;

/** As many as R2 removes within its deadline. */
const batchSize = 200;

/**
 * Removes the bytes and then the rows of files whose submission is gone, and says how many. A row stays for the next
 * run while R2 does not answer. Run by the cron.
 */
export async function purgeFiles(deps: PurgeDeps): Promise<number> {
  let count = 0;
  // A deployment that had a bucket before keeps the rows that say what lies there.
  for (let full = deps.files.bound; full;) {
    const rows = await deps.database.read((orm) => selectAbandoned(orm, batchSize));
    const ids = rows.map((row) => row.id);
    if (ids.length > 0) {
      await deps.files.remove(ids);
      await deps.database.write((orm) => [removeFiles(orm, ids)]);
    }
    count += ids.length;
    full = ids.length === batchSize;
  }
  return count;
}

/**
 * Removes bytes of one to three days ago that no row names, and says how many: those of entries that were not kept.
 * Ids sort by age, so a run looks at the oldest, and all are looked at while fewer than 1,000 come in an hour. Run by
 * the cron.
 */
export async function purgeStrayBytes(deps: PurgeDeps): Promise<number> {
  if (!deps.files.bound) return 0;
  const now = deps.now();
  const settled = newId('file', now - dayMs);
  const listed = await deps.files.listAfter(newId('file', now - 3 * dayMs));
  const ids = listed.filter((id) => id < settled);
  if (ids.length === 0) return 0;
  const stored = await deps.database.read((orm) => selectStored(orm, ids));
  const known = new Set(stored.map((row) => row.id));
  const strays = ids.filter((id) => !known.has(id)).slice(0, batchSize);
  if (strays.length > 0) await deps.files.remove(strays);
  return strays.length;
}

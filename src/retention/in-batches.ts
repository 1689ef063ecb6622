import type { Deps } from '../deps.ts';
import { mostInBatch } from './queries.ts';

/** So many batches in one run: a run of the free plan may make 50 calls, and others want theirs. */
const mostBatches = 5;
/** Milliseconds that a batch may need. */
const batchMs = 5_000;

/** Removes batch after batch, until one is not full or the run has to end: the next one goes on. Returns how many. */
export async function inBatches(
  deps: Pick<Deps, 'now' | 'deadline'>,
  removeBatch: () => Promise<number[]>,
): Promise<number> {
  let count = 0;
  for (let batch = 1; ; batch += 1) {
    const removed = await removeBatch();
    for (const each of removed) count += each;
    const full = removed.some((each) => each >= mostInBatch);
    if (!full || batch === mostBatches || deps.deadline.at - deps.now() < batchMs) return count;
  }
}

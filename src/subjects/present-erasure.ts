import { toIso } from '../lib/time.ts';
import type { ErasureJson } from './contract.ts';
import type { Erasure } from './queries.ts';

/** The receipt of an erasure as it is shown. */
export function presentErasure({
  id,
  at,
  counts,
}: Pick<Erasure, 'id' | 'at' | 'counts'>): ErasureJson {
  return { id, erased_at: toIso(at), counts, suppressed: true };
}

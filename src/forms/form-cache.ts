import { createLookups, type Lookups } from '../lib/lookups.ts';
import type { FormAtAddress } from './queries.ts';

/** Forms that this isolate looked up a moment ago, by the address that was asked for. */
export type FormCache = Lookups<FormAtAddress>;

/** An empty cache. */
export function createFormCache(): FormCache {
  return createLookups(500);
}

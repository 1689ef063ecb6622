import { createExpiringMap } from '../lib/expiring-map.ts';
import { believedMs, createLookups, type Lookups } from '../lib/lookups.ts';
import type { ApiKeyWithForm } from './queries.ts';

const maxEntries = 1_000;

/** What this isolate read of keys a moment ago: each by its hash, and the origins whose pages live ones answer. */
export type KeyCache = Lookups<ApiKeyWithForm> & {
  /** Undefined: read them. */
  findOrigins(now: number): ReadonlySet<string> | undefined;
  keepOrigins(origins: ReadonlySet<string>, readAt: number): void;
  /** True for the first to ask about a key in a while: many requests that miss at once make one write. */
  claimUse(keyId: string, now: number): boolean;
};

/** An empty cache. Forgetting a key forgets the origins. */
export function createKeyCache(): KeyCache {
  const keys = createLookups<ApiKeyWithForm>(maxEntries);
  const origins = createExpiringMap<ReadonlySet<string>>(believedMs, 1);
  const claimed = createExpiringMap<true>(believedMs, maxEntries);
  return {
    ...keys,
    forget(matches) {
      keys.forget(matches);
      origins.drop('all');
    },
    findOrigins: (now) => origins.find('all', now),
    keepOrigins: (named, readAt) => origins.keep('all', named, readAt),
    claimUse(keyId, now) {
      if (claimed.find(keyId, now) === true) return false;
      claimed.keep(keyId, true, now);
      return true;
    },
  };
}

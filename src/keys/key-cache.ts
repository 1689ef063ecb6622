import type { ApiKeyWithForm } from './queries.ts';

/** Below 10 s, the time within which a revoked key stops everywhere, and its origins with it. */
const knownMs = 9_000;
const unknownMs = 5_000;
const maxEntries = 1_000;

/** What this isolate read of keys a moment ago: each by its hash, and the origins that live ones name. */
export type KeyCache = {
  /** Undefined: look it up. Null: there was no such key. */
  find(hash: string, now: number): ApiKeyWithForm | null | undefined;
  /** `readAt` is when the lookup began, in epoch milliseconds: what it saw can be no newer. */
  keep(hash: string, key: ApiKeyWithForm | null, readAt: number): void;
  forget(keyId: string): void;
  /** Undefined: read them. */
  findOrigins(now: number): ReadonlySet<string> | undefined;
  keepOrigins(origins: ReadonlySet<string>, readAt: number): void;
  /** True for the first to ask about a key in a while: many requests that miss at once make one write. */
  claimUse(keyId: string, now: number): boolean;
};

/** An empty cache. Unknown keys have a room of their own, so that guesses cannot push known ones out. */
export function createKeyCache(): KeyCache {
  const known = new Map<string, { key: ApiKeyWithForm; readAt: number }>();
  const unknown = new Map<string, number>();
  const claimed = new Map<string, number>();
  let origins: { named: ReadonlySet<string>; readAt: number } | undefined;
  return {
    find(hash, now) {
      const entry = known.get(hash);
      if (entry !== undefined && now - entry.readAt < knownMs) return entry.key;
      const missedAt = unknown.get(hash);
      return missedAt !== undefined && now - missedAt < unknownMs ? null : undefined;
    },
    keep(hash, key, readAt) {
      known.delete(hash);
      unknown.delete(hash);
      if (key === null) unknown.set(hash, readAt);
      else known.set(hash, { key, readAt });
      dropOldest(known);
      dropOldest(unknown);
    },
    claimUse(keyId, now) {
      const claimedAt = claimed.get(keyId);
      if (claimedAt !== undefined && now - claimedAt < knownMs) return false;
      claimed.delete(keyId);
      claimed.set(keyId, now);
      dropOldest(claimed);
      return true;
    },
    forget(keyId) {
      for (const [hash, entry] of known) if (entry.key.id === keyId) known.delete(hash);
      origins = undefined;
    },
    findOrigins(now) {
      return origins !== undefined && now - origins.readAt < knownMs ? origins.named : undefined;
    },
    keepOrigins(named, readAt) {
      origins = { named, readAt };
    },
  };
}

function dropOldest(entries: Map<string, unknown>): void {
  const [oldest] = entries.keys();
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
}

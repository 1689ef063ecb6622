import { createExpiringMap } from './expiring-map.ts';

/** Milliseconds for which an isolate believes what it read. Below 10 s: by then a change is seen everywhere. */
export const believedMs = 9_000;
const missingMs = 5_000;

/** What an isolate looked up a moment ago, by the name that was asked for. Times are epoch milliseconds. */
export type Lookups<T> = {
  /** Undefined: look it up. Null: there was nothing of this name. */
  find(name: string, now: number): T | null | undefined;
  /** `readAt` is when the lookup began: what it saw can be no newer. */
  keep(name: string, found: T | null, readAt: number): void;
  /** Forgets all that was found and that this holds for. */
  forget(matches: (found: T) => boolean): void;
};

/** Nothing yet. What was not there has a room of its own, so that guesses cannot push out what was. */
export function createLookups<T>(maxEntries: number): Lookups<T> {
  const found = createExpiringMap<T>(believedMs, maxEntries);
  const missing = createExpiringMap<null>(missingMs, maxEntries);
  return {
    find: (name, now) => found.find(name, now) ?? missing.find(name, now),
    keep(name, value, readAt) {
      found.drop(name);
      missing.drop(name);
      if (value === null) missing.keep(name, null, readAt);
      else found.keep(name, value, readAt);
    },
    forget: (matches) => found.forget(matches),
  };
}

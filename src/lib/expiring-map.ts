/** What an isolate remembers for a moment, bounded. Times are epoch milliseconds. */
export type ExpiringMap<T> = {
  /** Undefined when nothing is remembered, or for too long. */
  find(name: string, now: number): T | undefined;
  /** `readAt` is when the value was asked for: what was seen then can be no newer. */
  keep(name: string, value: T, readAt: number): void;
  drop(name: string): void;
  /** Forgets every entry that this holds for. */
  forget(matches: (value: T) => boolean): void;
};

/** An empty map whose entries last for some milliseconds; above `maxEntries` the oldest go. */
export function createExpiringMap<T>(lastsMs: number, maxEntries: number): ExpiringMap<T> {
  const entries = new Map<string, { value: T; readAt: number }>();
  return {
    find(name, now) {
      const entry = entries.get(name);
      return entry !== undefined && now - entry.readAt < lastsMs ? entry.value : undefined;
    },
    keep(name, value, readAt) {
      entries.delete(name);
      entries.set(name, { value, readAt });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
    drop: (name) => void entries.delete(name),
    forget(matches) {
      for (const [name, { value }] of entries) if (matches(value)) entries.delete(name);
    },
  };
}

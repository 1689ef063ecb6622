// Its package.json names only the CommonJS file, which cannot be tree-shaken.
import { Ratelimit } from '@upstash/ratelimit/dist/index.mjs';
import type { Rate } from '../lib/rate.ts';
import { openRedis, type Redis } from './redis.ts';

/** How long Redis may take, in milliseconds. */
const timeoutMs = 300;

/** One window to count in. The subject names whose window it is, and holds no personal data. */
export type Limit = { name: string; rate: Rate; subject: string };

/** A window after this request was counted. `resetAt` is in epoch milliseconds. */
export type Window = { limit: Limit; allowed: boolean; remaining: number; resetAt: number };

/** Sliding windows in Redis. */
export type Limiter = {
  /** Counts one request in each window, all in one network call. Null when Redis did not answer in time. */
  count(limits: Limit[]): Promise<Window[] | null>;
  /** Whether Redis answers. */
  ping(): Promise<boolean>;
};

/**
 * Opens a limiter for one request. A sliding window is an estimate from two fixed ones: at worst it admits twice
 * its limit in a window (https://upstash.com/docs/redis/sdks/ratelimit-ts/algorithms).
 */
export function openLimiter(options: { url: string; token: string }): Limiter {
  const redis = openRedis({ ...options, timeoutMs });
  return {
    async count(limits) {
      try {
        // Sent in one tick, so that they go out in one pipeline.
        return await Promise.all(limits.map((limit) => countOne(redis, limit)));
      } catch {
        return null;
      }
    },
    async ping() {
      try {
        return (await redis.ping()) === 'PONG';
      } catch {
        return false;
      }
    },
  };
}

async function countOne(redis: Redis, limit: Limit): Promise<Window> {
  const window = new Ratelimit({
    // It uses these two commands alone, but asks for a client that has them all.
    redis: redis as unknown as ConstructorParameters<typeof Ratelimit>[0]['redis'],
    limiter: Ratelimit.slidingWindow(limit.rate.limit, `${limit.rate.windowMs} ms`),
    prefix: `inlet:${limit.name}`,
    // Its own timeout would let the request pass unseen; the client's, above, throws.
    timeout: 0,
    ephemeralCache: false,
    analytics: false,
  });
  const { success, remaining, reset } = await window.limit(limit.subject);
  return { limit, allowed: success, remaining: Math.max(0, remaining), resetAt: reset };
}

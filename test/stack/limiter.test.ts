import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, it, vi } from 'vitest';
import { startRedisRest, type RedisRest } from '../../dev/redis/redis-rest.ts';
import { openLimiter, type Limit } from '../../src/platform/limiter.ts';
import { cleanUp, makeFolder } from './programs.ts';

describe('the sliding window', () => {
  const dataDir = makeFolder();
  let rest: RedisRest;

  beforeAll(async () => {
    const { signal } = new AbortController();
    const keeping = { signal, say: () => {}, fail: () => {} };
    rest = await startRedisRest({
      ...keeping,
      port: 0,
      token: 'token-of-the-tests',
      dataDir,
      redisUrl: process.env['REDIS_URL'],
    });
  });
  afterAll(async () => {
    await rest.close();
    cleanUp(dataDir);
  });
  afterEach(() => void vi.useRealTimers());

  it('decides as the limiter of Upstash does, whatever comes when', async ({ expect }) => {
    const ours = openLimiter(rest);
    const redis = new Redis({ url: rest.url, token: rest.token });
    const requests = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 25 });
    const rates = fc.record({
      limit: fc.integer({ min: 1, max: 8 }),
      windowMs: fc.integer({ min: 1, max: 60 }).map((seconds) => seconds * 1_000),
    });
    vi.useFakeTimers({ toFake: ['Date'] });
    await fc.assert(
      fc.asyncProperty(rates, requests, fc.uuid(), async (rate, pauses, subject) => {
        const theirs = new Ratelimit({
          redis,
          limiter: Ratelimit.slidingWindow(rate.limit, `${rate.windowMs} ms`),
          prefix: 'theirs',
          timeout: 0,
          ephemeralCache: false,
        });
        for (const pause of pauses) {
          vi.setSystemTime(Date.now() + pause);
          const { success, remaining, reset } = await theirs.limit(subject);
          const [window] = (await ours.count([{ name: 'ours', rate, subject }])) ?? [];
          expect(window).toMatchObject({
            allowed: success,
            remaining: Math.max(0, remaining),
            resetAt: reset,
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('counts several windows in one command, each by itself', async ({ expect }) => {
    const ours = openLimiter(rest);
    const subject = crypto.randomUUID();
    const narrow = { name: 'narrow', rate: { limit: 1, windowMs: 3_600_000 }, subject };
    const wide = { name: 'wide', rate: { limit: 9, windowMs: 3_600_000 }, subject };
    const left = async () =>
      (await ours.count([narrow, wide]))?.map((window) => [window.allowed, window.remaining]);
    expect(await left()).toEqual([
      [true, 0],
      [true, 8],
    ]);
    expect(await left()).toEqual([
      [false, 0],
      [true, 7],
    ]);
  });

  it('counts those that stand together only where all of them have room', async ({ expect }) => {
    const ours = openLimiter(rest);
    const subject = crypto.randomUUID();
    const [narrow, wide, other] = [1, 9, 5].map((limit) => ({
      name: `w${limit}`,
      rate: { limit, windowMs: 86_400_000 },
      subject,
    })) as [Limit, Limit, Limit];
    const left = async () =>
      (await ours.count([narrow, wide, wide, other], 2))?.map((each) => [
        each.allowed,
        each.remaining,
      ]);
    const full = [false, 0];
    expect(await left()).toEqual([
      [true, 0],
      [true, 8],
      [true, 7],
      [true, 4],
    ]);
    expect(await left()).toEqual([full, [true, 6], [true, 6], [true, 3]]);
    expect(await left()).toEqual([full, [true, 5], [true, 5], [true, 2]]);
  });

  it('forgets what no window needs any more', async ({ expect }) => {
    const ours = openLimiter(rest);
    const redis = new Redis({ url: rest.url, token: rest.token });
    const subject = crypto.randomUUID();
    await ours.count([{ name: 'brief', rate: { limit: 5, windowMs: 60_000 }, subject }]);
    const index = Math.floor(Date.now() / 60_000);
    const keys = [index, index - 1].map((at) => `inlet:brief:${subject}:${at}`);
    const lives = await Promise.all(keys.map((key) => redis.pttl(key)));
    expect(Math.max(...lives)).toBeGreaterThan(60_000);
    expect(Math.max(...lives)).toBeLessThanOrEqual(121_000);
  });
});

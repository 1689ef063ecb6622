import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { findRedisServer } from '../../dev/redis/redis-server.ts';
import {
  capture,
  killOutright,
  leadNames,
  startPreview,
  stopPreview,
  type Preview,
} from './previews.ts';
import { cleanUp, makeFolder, noProcesses } from './programs.ts';

const noRedis =
  findRedisServer() === null || process.env['REDIS_URL'] !== undefined
    ? ' (skipped: needs a redis-server on the path, and no REDIS_URL)'
    : '';

// A server that died comes back after 10 s.
const recovery = { timeout: 40_000, interval: 100 };

describe.skipIf(noProcesses)(`a stack that loses what it depends on${noProcesses}`, () => {
  const dataDir = makeFolder();
  let stack: Preview;

  const health = async () => {
    const response = await fetch(`${stack.url}/health`, { signal: AbortSignal.timeout(3_000) });
    return { status: response.status, body: (await response.json()) as { status: string } };
  };
  const untilHealthIs = async (status: number, word: string, timing: typeof recovery) =>
    vi.waitFor(async () => {
      const { status: found, body } = await health();
      if (found !== status || body.status !== word) throw new Error(`${found} ${body.status}`);
    }, timing);

  beforeAll(async () => {
    stack = await startPreview(dataDir);
  });
  afterAll(async () => {
    await stopPreview(stack);
    cleanUp(dataDir);
  });

  it('without its database says 503 within 3 s, keeps what it took, and recovers', async ({
    expect,
  }) => {
    expect((await capture(stack, stack.secretKey, 'Before the outage')).status).toBe(201);
    killOutright(dataDir, 'sqld --db-path');
    await untilHealthIs(503, 'down', { timeout: 3_000, interval: 50 });
    const refused = await capture(stack, stack.secretKey, 'During the outage');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);

    await untilHealthIs(200, 'ok', recovery);
    expect((await capture(stack, stack.secretKey, 'After the outage')).status).toBe(201);
    const names = await leadNames(stack);
    expect(names).toEqual(expect.arrayContaining(['After the outage', 'Before the outage']));
    expect(names).not.toContain('During the outage');
  });

  it.skipIf(noRedis)(
    `without Redis takes leads, calls itself degraded, and recovers${noRedis}`,
    async ({ expect }) => {
      killOutright(dataDir, 'redis-server');
      const taken = await capture(stack, stack.secretKey, 'Without limits');
      expect(taken.status).toBe(201);
      expect(taken.headers.get('RateLimit')).toBeNull();
      await untilHealthIs(200, 'degraded', { timeout: 5_000, interval: 50 });
      expect(await leadNames(stack)).toContain('Without limits');

      await untilHealthIs(200, 'ok', recovery);
      const limited = await capture(stack, stack.secretKey, 'With limits');
      expect(limited.headers.get('RateLimit')).not.toBeNull();
    },
  );
});

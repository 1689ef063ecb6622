import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import { describe, it, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { findRedisServer } from '../../dev/redis/redis-server.ts';
import { startRedisRest } from '../../dev/redis/redis-rest.ts';
import type { RedisRest, RedisRestOptions } from '../../dev/redis/redis-rest.ts';

const TOKEN = 'a-token-for-tests';
const SHEBANG = '#!lua flags=allow-key-locking\n';
const SCRIPT = `${SHEBANG}return redis.call('INCRBY', KEYS[1], ARGV[1])`;
const UNKNOWN_SHA = '0'.repeat(40);

const noRedisServer = findRedisServer() === null;
const needsRedisServer = noRedisServer ? ' (skipped: no redis-server on PATH)' : '';

type Kind = RedisRest['backend'];
type Cleanup = Pick<TestContext, 'onTestFinished'>;

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

async function temporaryFolder({ onTestFinished }: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inlet-redis-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function open(
  kind: Kind,
  test: Cleanup,
  options: Partial<RedisRestOptions> = {},
): Promise<RedisRest> {
  const dataDir = options.dataDir ?? (await temporaryFolder(test));
  let redisUrl = kind === 'in-process' ? 'memory:' : undefined;
  if (kind === 'redis-url') {
    await open('redis-server', test, { dataDir });
    redisUrl = join(dataDir, 'redis.sock');
  }
  const rest = await startRedisRest({ port: 0, token: TOKEN, dataDir, redisUrl, ...options });
  test.onTestFinished(() => rest.close());
  return rest;
}

/** The redis-server that works on this folder, or last did. */
function pidOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'redis.pid'), 'utf8'));
}

function sdk(rest: RedisRest): Redis {
  return new Redis({
    url: rest.url,
    token: rest.token,
    retry: { retries: 0 },
    enableTelemetry: false,
  });
}

function slidingWindow(redis: Redis, limit: number): Ratelimit {
  return new Ratelimit({
    redis,
    // A week: no test run crosses the border between two windows.
    limiter: Ratelimit.slidingWindow(limit, '7 d'),
    prefix: `limit-${limit}`,
    ephemeralCache: false,
    analytics: false,
  });
}

/** The path of every HTTP call from here on. */
function watchCalls({ onTestFinished }: Cleanup): string[] {
  const paths: string[] = [];
  const original = globalThis.fetch;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    paths.push(new URL(input instanceof Request ? input.url : input).pathname);
    return original(input, init);
  });
  onTestFinished(() => spy.mockRestore());
  return paths;
}

async function post(
  rest: RedisRest,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(rest.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

/** Runs this in a process of its own, which has to end by itself, and returns the JSON that it prints. */
async function runProgram<T>(lines: string): Promise<T> {
  const file = join(import.meta.dirname, '../../dev/redis/redis-rest.ts');
  const program = `import { startRedisRest } from ${JSON.stringify(file)};${lines}`;
  const args = ['--input-type=module', '-e', program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

const backends: { kind: Kind; skip: boolean }[] = [
  { kind: 'in-process', skip: false },
  { kind: 'redis-server', skip: noRedisServer },
  { kind: 'redis-url', skip: noRedisServer },
];

for (const { kind, skip } of backends) {
  describe.skipIf(skip)(`Redis REST on ${kind}${skip ? needsRedisServer : ''}`, () => {
    it('says what it runs on', async ({ expect, onTestFinished }) => {
      const rest = await open(kind, { onTestFinished });
      const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(rest).toMatchObject({ backend: kind, token: TOKEN, url });
    });

    it('gives the SDK back what it stored', async ({ expect, onTestFinished }) => {
      const redis = sdk(await open(kind, { onTestFinished }));
      expect(await redis.set('text', 'Zoë — 日本 🚀')).toBe('OK');
      expect(await redis.get('text')).toBe('Zoë — 日本 🚀');
      await redis.set('json', { a: [1, 'two', null] });
      expect(await redis.get('json')).toEqual({ a: [1, 'two', null] });
      expect(await redis.get('missing')).toBeNull();
      expect(await redis.incr('counter')).toBe(1);
      await redis.hset('hash', { one: 1, two: 'zwei' });
      expect(await redis.hgetall('hash')).toEqual({ one: 1, two: 'zwei' });
      await redis.rpush('list', 'OK', 'b');
      expect(await redis.lrange('list', 0, -1)).toEqual(['OK', 'b']);
      expect(await redis.mget('counter', 'missing', 'text')).toEqual([1, null, 'Zoë — 日本 🚀']);
      expect(await redis.eval(`return {1, {'OK', 'deep'}}`, [], [])).toEqual([1, ['OK', 'deep']]);
    });

    it('honours the options of SET as the SDK writes them', async ({ expect, onTestFinished }) => {
      const redis = sdk(await open(kind, { onTestFinished }));
      expect(await redis.set('lock', 'mine', { nx: true, px: 60_000 })).toBe('OK');
      expect(await redis.set('lock', 'yours', { nx: true, px: 60_000 })).toBeNull();
      expect(await redis.get('lock')).toBe('mine');
      expect(await redis.pttl('lock')).toBeGreaterThan(50_000);
    });

    it('encodes strings in base64 only when asked, and never a bare OK', async ({
      expect,
      onTestFinished,
    }) => {
      const rest = await open(kind, { onTestFinished });
      const base64 = { 'upstash-encoding': 'base64', 'upstash-sync-token': 'any' };
      expect(await post(rest, '/', ['SET', 'foo', 'bar'], base64)).toEqual({
        status: 200,
        body: { result: 'OK' },
      });
      expect((await post(rest, '/', ['GET', 'foo'], base64)).body).toEqual({ result: 'YmFy' });
      expect((await post(rest, '/', ['GET', 'foo'])).body).toEqual({ result: 'bar' });
      expect((await post(rest, '/pipeline', [['MGET', 'foo', 'none']], base64)).body).toEqual([
        { result: ['YmFy', null] },
      ]);
      expect(
        (
          await post(
            rest,
            '/multi-exec',
            [
              ['SET', 'n', 1],
              ['INCR', 'n'],
              ['GET', 'n'],
            ],
            base64,
          )
        ).body,
      ).toEqual([{ result: 'OK' }, { result: 2 }, { result: 'Mg==' }]);
    });

    it('answers 401 to any other authorization', async ({ expect, onTestFinished }) => {
      const rest = await open(kind, { onTestFinished });
      const wrong = [
        '',
        TOKEN,
        'Bearer',
        'Bearer ',
        'Bearer wrong',
        `Bearer ${TOKEN}x`,
        `Basic ${TOKEN}`,
      ];
      for (const authorization of wrong) {
        const answer = await post(rest, '/', ['PING'], { authorization });
        expect(answer, authorization).toEqual({ status: 401, body: { error: 'Unauthorized' } });
      }
    });

    it('answers 400 to a body that is not a command', async ({ expect, onTestFinished }) => {
      const rest = await open(kind, { onTestFinished });
      const malformed = {
        '/': [
          '',
          'not json',
          '{}',
          '[]',
          '[""]',
          '["GET",null]',
          '["GET",{"a":1}]',
          '[["GET","a"]]',
        ],
        '/pipeline': ['[]', '["GET","a"]', '[["GET","a"],[]]'],
        '/multi-exec': ['[]', '[["GET","a"],"GET"]'],
      };
      for (const [path, bodies] of Object.entries(malformed)) {
        for (const body of bodies) {
          const error = expect.stringMatching(/^ERR the body must be /);
          expect(await post(rest, path, body), path + body).toEqual({
            status: 400,
            body: { error },
          });
        }
      }
    });

    it('refuses other paths, other methods and bodies over 1 MiB', async ({
      expect,
      onTestFinished,
    }) => {
      const rest = await open(kind, { onTestFinished });
      const headers = { authorization: `Bearer ${TOKEN}` };
      expect((await post(rest, '/subscribe/news', [])).status).toBe(404);
      expect((await fetch(rest.url, { headers })).status).toBe(405);
      expect(await post(rest, '/', ['SET', 'big', 'x'.repeat(1024 * 1024)])).toEqual({
        status: 413,
        body: { error: expect.stringContaining('max request size exceeded') },
      });
      expect((await post(rest, '/', ['SET', 'big', 'x'.repeat(1024 * 1000)])).status).toBe(200);
    });

    it('answers 400 with one line when a single command fails', async ({
      expect,
      onTestFinished,
    }) => {
      const rest = await open(kind, { onTestFinished });
      for (const command of [
        ['NOSUCH', 'x'],
        ['EVAL', 'this is not Lua', 0],
        ['EVAL', `redis.call('NOSUCH')`, 0],
      ]) {
        const { status, body } = await post(rest, '/', command);
        expect(status).toBe(400);
        expect(body).toEqual({ error: expect.stringMatching(/^[A-Z]+ [^\n]+$/) });
        expect(JSON.stringify(body)).not.toMatch(/node_modules|traceback|\.ts:/);
      }
      await expect(sdk(rest).eval('this is not Lua', [], [])).rejects.toThrow('ERR ');
    });

    it('goes on after an error in a pipeline', async ({ expect, onTestFinished }) => {
      const rest = await open(kind, { onTestFinished });
      const commands = [
        ['SET', 'a', 'x'],
        ['INCR', 'a'],
        ['NOSUCH'],
        ['SHUTDOWN'],
        ['SET', 'b', 2],
        ['GET', 'b'],
      ];
      expect(await post(rest, '/pipeline', commands)).toEqual({
        status: 200,
        body: [
          { result: 'OK' },
          { error: 'ERR value is not an integer or out of range' },
          { error: expect.stringMatching(/^ERR unknown command/) },
          { error: `ERR Command is not available: 'SHUTDOWN'` },
          { result: 'OK' },
          { result: '2' },
        ],
      });
    });

    it('runs a transaction through the SDK', async ({ expect, onTestFinished }) => {
      const redis = sdk(await open(kind, { onTestFinished }));
      const transaction = redis
        .multi()
        .set('a', 'x')
        .incr('a')
        .rpush('list', 'one')
        .lrange('list', 0, -1);
      const [set, increment, push, range] = await transaction.exec({ keepErrors: true });
      expect(set.result).toBe('OK');
      expect(increment.error).toBe('ERR value is not an integer or out of range');
      expect(push.result).toBe(1);
      expect(range.result).toEqual(['one']);
    });

    it('discards a whole transaction for one bad command', async ({ expect, onTestFinished }) => {
      const rest = await open(kind, { onTestFinished });
      for (const bad of ['NOSUCH', 'SHUTDOWN', 'WATCH']) {
        const error = expect.stringMatching(
          /^(EXECABORT Transaction discarded|ERR Command is not available)/,
        );
        const answer = await post(rest, '/multi-exec', [['SET', 'a', 1], [bad], ['SET', 'b', 2]]);
        expect(answer, bad).toEqual({ status: 400, body: { error } });
      }
      expect((await post(rest, '/', ['MGET', 'a', 'b'])).body).toEqual({ result: [null, null] });
    });

    it('refuses commands that block or change the server', async ({ expect, onTestFinished }) => {
      const rest = await open(kind, { onTestFinished });
      const commands = `SHUTDOWN|CONFIG GET *|SUBSCRIBE a|monitor|BLPOP a 0|brpop a 0|BLMOVE a b LEFT LEFT 0|BZPOPMIN a 0
        |MULTI|EXEC|WATCH a|SELECT 1|CLIENT PAUSE 9999|HELLO 3|AUTH x|DEBUG SLEEP 9|SCRIPT DEBUG YES|SCRIPT KILL
        |XREAD BLOCK 0 STREAMS s $|xreadgroup GROUP g c BLOCK 0 STREAMS s >|QUIT|WAIT 1 0|SAVE|REPLICAOF NO ONE`;
      for (const command of commands.split('|')) {
        const error = expect.stringMatching(/^ERR Command is not available: '[A-Z]+'$/);
        const answer = await post(rest, '/', command.trim().split(' '));
        expect(answer, command).toEqual({ status: 400, body: { error } });
      }
      expect((await post(rest, '/', ['PING'])).body).toEqual({ result: 'PONG' });
    });

    it('runs a script with a shebang under its original SHA1', async ({
      expect,
      onTestFinished,
    }) => {
      const redis = sdk(await open(kind, { onTestFinished }));
      const sha = sha1(SCRIPT);
      await expect(redis.evalsha(sha, ['n'], ['5'])).rejects.toThrow('NOSCRIPT No matching script');
      expect(await redis.eval(SCRIPT, ['n'], ['5'])).toBe(5);
      expect(await redis.evalsha(sha, ['n'], ['5'])).toBe(10);
      expect(await redis.evalsha(sha.toUpperCase(), ['n'], ['5'])).toBe(15);
      await expect(redis.evalsha(UNKNOWN_SHA, ['n'], ['5'])).rejects.toThrow(
        'NOSCRIPT No matching script',
      );
    });

    it.for([
      ['with a shebang', SCRIPT],
      ['without one', `return redis.call('INCRBY', KEYS[1], ARGV[1])`],
    ])('manages a script %s', async ([, script = ''], { expect, onTestFinished }) => {
      const redis = sdk(await open(kind, { onTestFinished }));
      expect(await redis.scriptLoad(script)).toBe(sha1(script));
      expect(await redis.scriptExists(sha1(script), UNKNOWN_SHA)).toEqual([1, 0]);
      expect(await redis.evalsha(sha1(script), ['n'], ['2'])).toBe(2);
      expect(await redis.scriptFlush()).toBe('OK');
      expect(await redis.scriptExists(sha1(script))).toEqual([0]);
      await expect(redis.evalsha(sha1(script), ['n'], ['2'])).rejects.toThrow('NOSCRIPT');
    });

    it('runs a read-only script with a shebang', async ({ expect, onTestFinished }) => {
      const redis = sdk(await open(kind, { onTestFinished }));
      const script = `${SHEBANG}return redis.call('GET', KEYS[1])`;
      await redis.set('key', 'value');
      expect(await redis.evalRo(script, ['key'], [])).toBe('value');
      expect(await redis.evalshaRo(sha1(script), ['key'], [])).toBe('value');
      await expect(redis.evalshaRo(UNKNOWN_SHA, ['key'], [])).rejects.toThrow('NOSCRIPT');
    });

    it.for(['/pipeline', '/multi-exec'])(
      'runs scripts inside %s',
      async (path, { expect, onTestFinished }) => {
        const rest = await open(kind, { onTestFinished });
        const commands = [
          ['EVALSHA', sha1(SCRIPT), 1, 'n', 1],
          ['EVAL', SCRIPT, 1, 'n', 1],
          ['EVALSHA', sha1(SCRIPT), 1, 'n', 1],
          ['SCRIPT', 'LOAD', `${SHEBANG}return 7`],
          ['EVALSHA', sha1(`${SHEBANG}return 7`), 0],
          ['SCRIPT', 'EXISTS', sha1(SCRIPT), UNKNOWN_SHA],
        ];
        expect(await post(rest, path, commands)).toEqual({
          status: 200,
          body: [
            { error: expect.stringMatching(/^NOSCRIPT No matching script/) },
            { result: 1 },
            { result: 2 },
            { result: sha1(`${SHEBANG}return 7`) },
            { result: 7 },
            { result: [1, 0] },
          ],
        });
      },
    );

    it('lets the real sliding window admit its limit and no more', async ({
      expect,
      onTestFinished,
    }) => {
      const limiter = slidingWindow(sdk(await open(kind, { onTestFinished })), 3);
      const answers = [];
      for (let attempt = 0; attempt < 5; attempt++) answers.push(await limiter.limit('visitor'));
      expect(answers.map(({ success, remaining, limit }) => [success, remaining, limit])).toEqual([
        [true, 2, 3],
        [true, 1, 3],
        [true, 0, 3],
        [false, 0, 3],
        [false, 0, 3],
      ]);
      expect((await limiter.limit('someone else')).success).toBe(true);
      expect(await limiter.getRemaining('visitor')).toMatchObject({ remaining: 0, limit: 3 });
    });

    const noNestedReplies =
      kind === 'in-process' ? ' (skipped: Lua in ioredis-mock cannot read what SCAN answers)' : '';
    it.skipIf(noNestedReplies)(
      `lets a limit be reset${noNestedReplies}`,
      async ({ expect, onTestFinished }) => {
        const limiter = slidingWindow(sdk(await open(kind, { onTestFinished })), 3);
        await limiter.limit('visitor');
        await limiter.resetUsedTokens('visitor');
        expect((await limiter.limit('visitor')).remaining).toBe(2);
      },
    );

    it('admits no more than the limit of many at once', async ({ expect, onTestFinished }) => {
      const limiter = slidingWindow(sdk(await open(kind, { onTestFinished })), 10);
      const answers = await Promise.all(Array.from({ length: 40 }, () => limiter.limit('visitor')));
      expect(answers.filter(({ success }) => success)).toHaveLength(10);
    });

    it('takes two limits in one HTTP call, and one more call for all that answer NOSCRIPT', async ({
      expect,
      onTestFinished,
    }) => {
      const redis = sdk(await open(kind, { onTestFinished }));
      const calls = watchCalls({ onTestFinished });
      const [perVisitor, perKey] = [slidingWindow(redis, 2), slidingWindow(redis, 100)];
      const both = async () => {
        calls.length = 0;
        const answers = await Promise.all([perVisitor.limit('visitor'), perKey.limit('key')]);
        return {
          calls: [...calls],
          remaining: answers.map(({ success, remaining }) => success && remaining),
        };
      };
      expect(await both()).toEqual({ calls: ['/pipeline', '/pipeline'], remaining: [1, 99] });
      expect(await both()).toEqual({ calls: ['/pipeline'], remaining: [0, 98] });
      expect(await both()).toEqual({ calls: ['/pipeline'], remaining: [false, 97] });
      await redis.scriptFlush();
      expect(await both()).toEqual({ calls: ['/pipeline', '/pipeline'], remaining: [false, 96] });
    });

    it('needs one more call when only one of two scripts is known', async ({
      expect,
      onTestFinished,
    }) => {
      const redis = sdk(await open(kind, { onTestFinished }));
      const calls = watchCalls({ onTestFinished });
      const known = slidingWindow(redis, 5);
      const unknown = new Ratelimit({
        redis,
        limiter: Ratelimit.fixedWindow(5, '7 d'),
        ephemeralCache: false,
      });
      await known.limit('visitor');
      calls.length = 0;
      const answers = await Promise.all([known.limit('visitor'), unknown.limit('visitor')]);
      expect(answers.map(({ remaining }) => remaining)).toEqual([3, 4]);
      expect(calls).toEqual(['/pipeline', '/pipeline']);
    });

    it('keeps each instance to its own data', async ({ expect, onTestFinished }) => {
      const [one, other] = [
        await open(kind, { onTestFinished }),
        await open(kind, { onTestFinished }),
      ];
      await sdk(one).set('key', 'value');
      expect(await sdk(other).get('key')).toBeNull();
    });

    it('rejects in one line when the port is taken', async ({ expect, onTestFinished }) => {
      const squatter = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void squatter.close());
      await once(squatter, 'listening');
      const address = squatter.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      await expect(open(kind, { onTestFinished }, { port })).rejects.toThrow(
        `port ${port} is already in use`,
      );
    });

    it('leaves nothing open: the process ends by itself', async ({ expect, onTestFinished }) => {
      const dataDir = await temporaryFolder({ onTestFinished });
      const outer =
        kind === 'redis-url' ? await open('redis-server', { onTestFinished }, { dataDir }) : null;
      const options = {
        port: 0,
        token: TOKEN,
        dataDir,
        ...(kind === 'in-process' && { redisUrl: 'memory:' }),
        ...(outer && { redisUrl: join(dataDir, 'redis.sock') }),
      };
      const pidFile =
        kind === 'redis-server' ? `readFileSync('${dataDir}/redis.pid', 'utf8')` : 'null';
      const { backend, pid, body } = await runProgram<Record<string, unknown>>(`
        import { readFileSync } from 'node:fs';
        const rest = await startRedisRest(${JSON.stringify(options)});
        const headers = { authorization: 'Bearer ${TOKEN}' };
        const response = await fetch(rest.url, { method: 'POST', headers, body: '["PING"]' });
        const pid = ${pidFile};
        await rest.close();
        console.log(JSON.stringify({ backend: rest.backend, pid, body: await response.json() }));`);
      expect({ backend, body }).toEqual({ backend: kind, body: { result: 'PONG' } });
      if (kind === 'redis-server') expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
    });
  });
}

describe.skipIf(noRedisServer)(`the redis-server child${needsRedisServer}`, () => {
  it('keeps its data over close and start', async ({ expect, onTestFinished }) => {
    const dataDir = await temporaryFolder({ onTestFinished });
    const before = await open('redis-server', { onTestFinished }, { dataDir });
    await sdk(before).set('key', 'value');
    const pid = pidOf(dataDir);
    await before.close();
    const after = await open('redis-server', { onTestFinished }, { dataDir });
    expect(await sdk(after).get('key')).toBe('value');
    expect(pidOf(dataDir)).not.toBe(pid);
  });

  it('when killed, gives quick errors, says so once, and comes back', async ({
    expect,
    onTestFinished,
  }) => {
    const exit = Promise.withResolvers<string>();
    const lines: string[] = [];
    const say = (line: string): void => {
      lines.push(line);
      exit.resolve(line);
    };
    const dataDir = await temporaryFolder({ onTestFinished });
    const options = { dataDir, say, restartAfterMs: 1500 };
    const rest = await open('redis-server', { onTestFinished }, options);
    const redis = sdk(rest);
    await redis.eval(SCRIPT, ['n'], ['1']);
    const killed = pidOf(dataDir);
    process.kill(killed, 'SIGKILL');
    expect(await exit.promise).toBe('redis-server ended (SIGKILL); starting it again in 1.5 s');

    const start = performance.now();
    const unreachable = { status: 500, body: { error: 'ERR Redis is unreachable' } };
    expect(await post(rest, '/', ['PING'])).toEqual(unreachable);
    expect(await post(rest, '/pipeline', [['PING'], ['PING']])).toEqual(unreachable);
    expect(await post(rest, '/multi-exec', [['PING'], ['PING']])).toEqual(unreachable);
    await expect(slidingWindow(redis, 5).limit('visitor')).rejects.toThrow(
      'ERR Redis is unreachable',
    );
    expect(performance.now() - start).toBeLessThan(1000);

    await vi.waitFor(() => redis.ping(), { timeout: 10_000, interval: 20 });
    expect(await slidingWindow(redis, 5).limit('visitor')).toMatchObject({
      success: true,
      remaining: 4,
    });
    expect(pidOf(dataDir)).not.toBe(killed);
    await vi.waitFor(() => expect(lines.slice(1)).toEqual(['redis-server is back']));
  });

  it('ends all with its reason after three starts in vain', async ({ expect, onTestFinished }) => {
    const failed = Promise.withResolvers<Error>();
    const lines: string[] = [];
    const dataDir = await temporaryFolder({ onTestFinished });
    const say = (line: string): void => void lines.push(line);
    const options = { dataDir, say, fail: failed.resolve, restartAfterMs: 10 };
    await open('redis-server', { onTestFinished }, options);
    await writeFile(join(dataDir, 'redis.rdb'), 'not a snapshot');
    process.kill(pidOf(dataDir), 'SIGKILL');
    const reason = `redis-server ended (exit code 1); see ${dataDir}/redis.log`;
    expect((await failed.promise).message).toBe(reason);
    const again = `${reason}; trying again`;
    expect(lines).toEqual([expect.stringContaining('(SIGKILL)'), again, again]);
  });

  it('is not brought back over one that somebody started by hand', async ({
    expect,
    onTestFinished,
  }) => {
    const dataDir = await temporaryFolder({ onTestFinished });
    const byHand = createServer((socket) => socket.destroy());
    const takeItsPlace = (): void => {
      rmSync(join(dataDir, 'redis.sock'), { force: true });
      byHand.listen(join(dataDir, 'redis.sock'));
    };
    const lines: string[] = [];
    const say = (line: string): void => {
      if (lines.push(line) === 1) takeItsPlace();
    };
    const rest = await open(
      'redis-server',
      { onTestFinished },
      { dataDir, say, restartAfterMs: 20 },
    );
    process.kill(pidOf(dataDir), 'SIGKILL');
    const leftAlone = 'something answers in place of redis-server; leaving it alone';
    await vi.waitFor(() => expect(lines.slice(1)).toEqual([leftAlone]), 5_000);
    byHand.close();
    const back = [leftAlone, 'redis-server is back'];
    await vi.waitFor(() => expect(lines.slice(1)).toEqual(back), 5_000);
    await vi.waitFor(() => sdk(rest).ping(), 5_000);
  });

  it('can be closed while it is away, and leaves nothing open', async ({
    expect,
    onTestFinished,
  }) => {
    const dataDir = await temporaryFolder({ onTestFinished });
    const message = await runProgram(`
      import { readFileSync } from 'node:fs';
      const exit = Promise.withResolvers();
      const options = { port: 0, token: '${TOKEN}', dataDir: ${JSON.stringify(dataDir)}, redisUrl: undefined };
      const rest = await startRedisRest({ ...options, restartAfterMs: 600_000, say: exit.resolve });
      process.kill(Number(readFileSync('${dataDir}/redis.pid', 'utf8')), 'SIGKILL');
      const message = await exit.promise;
      await rest.close();
      console.log(JSON.stringify(message));`);
    expect(message).toBe('redis-server ended (SIGKILL); starting it again in 600 s');
  });

  it('when it hangs, requests end with an error all the same', async ({
    expect,
    onTestFinished,
  }) => {
    const dataDir = await temporaryFolder({ onTestFinished });
    const rest = await open('redis-server', { onTestFinished }, { dataDir });
    const pid = pidOf(dataDir);
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(pid, 'SIGCONT'));
    expect((await post(rest, '/multi-exec', [['SET', 'a', 1]])).status).toBe(500);
    process.kill(pid, 'SIGCONT');
    expect((await post(rest, '/', ['PING'])).body).toEqual({ result: 'PONG' });
  });

  it('is not started twice on the same data', async ({ expect, onTestFinished }) => {
    const dataDir = await temporaryFolder({ onTestFinished });
    const rest = await open('redis-server', { onTestFinished }, { dataDir });
    const second = open('redis-server', { onTestFinished }, { dataDir });
    await expect(second).rejects.toThrow(
      `another redis-server (pid ${pidOf(dataDir)}) is already using ${dataDir}`,
    );
    expect(await sdk(rest).ping()).toBe('PONG');
  });

  it('takes a data folder that is too deep for a socket', async ({ expect, onTestFinished }) => {
    const dataDir = join(
      await temporaryFolder({ onTestFinished }),
      'deep'.repeat(20),
      'deeper'.repeat(20),
    );
    const rest = await open('redis-server', { onTestFinished }, { dataDir });
    expect(await sdk(rest).ping()).toBe('PONG');
  });

  it('says why when it does not start', async ({ expect, onTestFinished }) => {
    const dataDir = await temporaryFolder({ onTestFinished });
    const first = await open('redis-server', { onTestFinished }, { dataDir });
    await sdk(first).set('key', 'value');
    await first.close();
    await writeFile(join(dataDir, 'redis.rdb'), 'not a snapshot');
    const again = open('redis-server', { onTestFinished }, { dataDir });
    const logFile = join(dataDir, 'redis.log');
    await expect(again).rejects.toThrow(`redis-server ended (exit code 1); see ${logFile}`);
    expect(readFileSync(logFile, 'utf8')).toMatch(/Wrong signature/);
  });
});

describe('REDIS_URL', () => {
  it('that nobody answers at is one line without the password', async ({
    expect,
    onTestFinished,
  }) => {
    const redisUrl = 'redis://user:hush@127.0.0.1:1';
    const rejected = open('in-process', { onTestFinished }, { redisUrl });
    await expect(rejected).rejects.toThrow(/^cannot connect to Redis: ECONNREFUSED$/);
  });

  it('of another kind is refused', async ({ expect, onTestFinished }) => {
    const rejected = open('in-process', { onTestFinished }, { redisUrl: 'https://example.com' });
    await expect(rejected).rejects.toThrow('REDIS_URL must be');
  });
});

import type { Rate } from '../lib/rate.ts';

/** How long Redis may take, in milliseconds. */
const timeoutMs = 300;

/** One window to count in. The subject names whose window it is, and holds no personal data. */
export type Limit = { name: string; rate: Rate; subject: string };

/** A window after this request was counted. `resetAt` is in epoch milliseconds. */
export type Window = { limit: Limit; allowed: boolean; remaining: number; resetAt: number };

/** Sliding windows in Redis. */
export type Limiter = {
  /**
   * Counts one request in each window, all in one command. Of each so many that stand `together`, a full one keeps the
   * others from being counted. Null when Redis did not answer in time.
   */
  count(limits: Limit[], together?: number): Promise<Window[] | null>;
  /** Whether Redis answers. */
  ping(): Promise<boolean>;
};

/**
 * For each window, how many more it admits now, or -1 when it is full: `8 -1`. What is refused is not counted. A
 * window is an estimate from two fixed ones, of which the one before counts by the share of it that is not over yet
 * (https://upstash.com/docs/redis/sdks/ratelimit-ts/algorithms#sliding-window): at worst it admits twice its limit.
 */
const script = `
local now, together, left = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
for first = 1, #KEYS / 2, together do
  local last, fits = first + together - 1, true
  for i = first, last do
    local limit, window = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
    local share = 1 - (now % window) / window
    local used = math.floor(share * tonumber(redis.call('GET', KEYS[2 * i]) or '0'))
    left[i] = limit - used - tonumber(redis.call('GET', KEYS[2 * i - 1]) or '0') - 1
    if left[i] < 0 then left[i], fits = -1, false end
  end
  for i = first, fits and last or 0 do
    if redis.call('INCR', KEYS[2 * i - 1]) == 1 then
      redis.call('PEXPIRE', KEYS[2 * i - 1], 2 * tonumber(ARGV[2 * i + 2]) + 1000)
    end
  end
end
return table.concat(left, ' ')`;

/**
 * Opens a limiter for one request, over Upstash's REST API (https://upstash.com/docs/redis/features/restapi). Ours,
 * since Upstash's client and its limiter were a quarter of the whole bundle, for one command.
 */
export function openLimiter(options: { url: string; token: string }): Limiter {
  return {
    async count(limits, together = 1) {
      const now = Date.now();
      const keys = limits.flatMap(({ name, subject, rate }) => {
        const index = Math.floor(now / rate.windowMs);
        return [index, index - 1].map((at) => `inlet:${name}:${subject}:${at}`);
      });
      const rates = limits.flatMap(({ rate }) => [rate.limit, rate.windowMs]);
      const reply = await run(options, [
        'EVAL',
        script,
        keys.length,
        ...keys,
        now,
        together,
        ...rates,
      ]);
      const left = typeof reply === 'string' ? reply.split(' ').map(Number) : [];
      if (left.length !== limits.length || !left.every(Number.isInteger)) return null;
      return limits.map((limit, at) => {
        const remaining = left[at] ?? -1;
        const { windowMs } = limit.rate;
        const resetAt = (Math.floor(now / windowMs) + 1) * windowMs;
        return { limit, allowed: remaining >= 0, remaining: Math.max(0, remaining), resetAt };
      });
    },
    ping: async () => (await run(options, ['PING'])) === 'PONG',
  };
}

/** The result of one command, which is never sent twice; null when it failed or took too long. */
async function run(
  { url, token }: { url: string; token: string },
  command: (string | number)[],
): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(command),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = await response.json<{ result?: unknown } | null>();
    return response.ok ? (answer?.result ?? null) : null;
  } catch {
    // Upstream errors quote the command, and with it the subject.
    return null;
  }
}

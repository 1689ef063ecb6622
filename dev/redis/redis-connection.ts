import { Redis, ReplyError } from 'ioredis';
import { StoreUnreachable } from './store.ts';
import type { Command, Reply, Store } from './store.ts';

/** Connects to a Redis at a `redis://` URL or a socket path. It reconnects by itself for as long as it is open. */
export async function connectRedis(urlOrPath: string): Promise<Store> {
  const redis = new Redis(urlOrPath, {
    lazyConnect: true,
    connectTimeout: 3000,
    // A request gets its error now, never a place in a queue: the callers' own deadline is 300 ms.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 1000,
    retryStrategy: () => 100,
    // Else a process that closes this while Redis is away stays for 2 s.
    disconnectTimeout: 100,
  });
  let lastError = 'no answer';
  // Without a listener ioredis prints every failed attempt.
  redis.on('error', (error: NodeJS.ErrnoException) => (lastError = error.code ?? error.message));
  try {
    await redis.connect();
  } catch {
    redis.disconnect();
    throw new Error(`cannot connect to Redis: ${lastError}`);
  }

  async function run([name, ...args]: Command): Promise<Reply> {
    try {
      // In capitals, because ioredis rewrites arguments and replies of commands that it knows in small letters.
      return (await redis.callBuffer(name.toUpperCase(), ...args)) as Reply;
    } catch (error) {
      if (error instanceof ReplyError && error instanceof Error) return error;
      throw new StoreUnreachable();
    }
  }

  return {
    run,
    async transaction(commands) {
      // ioredis writes them in this order in one go, so nobody's command comes in between on the shared connection.
      const replies = await Promise.all([run(['MULTI']), ...commands.map(run), run(['EXEC'])]);
      const executed = replies.at(-1);
      if (Array.isArray(executed) || executed instanceof Error) return executed;
      throw new StoreUnreachable();
    },
    async close() {
      redis.disconnect();
    },
  };
}

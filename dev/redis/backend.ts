import type { Keeping } from '../keep-running.ts';
import { openInProcess } from './in-process.ts';
import { connectRedis } from './redis-connection.ts';
import { findRedisServer, startRedisServer } from './redis-server.ts';
import { withUpstashScripts } from './scripts.ts';
import type { Store } from './store.ts';

/** The store that was chosen, ready for Upstash's scripts. */
export type Backend = {
  kind: 'redis-server' | 'redis-url' | 'in-process';
  store: Store;
};

/** REDIS_URL if it is set, else a private redis-server if the machine has one, else a Redis inside this process. */
export async function startBackend(
  options: Keeping & { redisUrl: string | undefined; dataDir: string },
): Promise<Backend> {
  if (options.redisUrl && options.redisUrl !== 'memory:') {
    if (!/^(rediss?:\/\/|\/)/.test(options.redisUrl)) {
      throw new Error('REDIS_URL must be redis://…, rediss://…, the path of a socket, or memory:');
    }
    const store = await connectRedis(options.redisUrl);
    return { kind: 'redis-url', store: withUpstashScripts(store) };
  }

  const binary = options.redisUrl ? null : findRedisServer();
  if (binary === null) {
    return { kind: 'in-process', store: withUpstashScripts(await openInProcess()) };
  }

  const server = await startRedisServer({ ...options, binary });
  try {
    const connection = await connectRedis(server.socket);
    const close = async (): Promise<void> => {
      await connection.close();
      await server.close();
    };
    return { kind: 'redis-server', store: withUpstashScripts({ ...connection, close }) };
  } catch (error) {
    await server.close();
    throw error;
  }
}

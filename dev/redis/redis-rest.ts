import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { startBackend } from './backend.ts';
import type { Backend } from './backend.ts';
import { answer, failure } from './front.ts';

/** A running local stand-in for Upstash Redis REST. */
export type RedisRest = {
  url: string;
  token: string;
  backend: 'redis-server' | 'redis-url' | 'in-process';
  port: number;
  /** Of the redis-server child; null while there is none. */
  pid: number | null;
  close(): Promise<void>;
};

/** What the stand-in needs to know. */
export type RedisRestOptions = {
  /** 0 takes any free one. */
  port: number;
  token: string;
  /** Where a redis-server child keeps its data. */
  dataDir: string;
  /** REDIS_URL. `memory:` forces the in-process Redis. */
  redisUrl: string | undefined;
  /** Hears one line each time the redis-server child ends by itself. */
  onBackendExit?: (message: string) => void;
  /** How long a redis-server child that ended stays away; 10 s if not said. */
  restartDelayMs?: number;
};

/** Starts it on 127.0.0.1. Nothing that it started is left when this rejects, or after `close()`. */
export async function startRedisRest(options: RedisRestOptions): Promise<RedisRest> {
  let backend: Backend | null = null;
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, options.token, backend?.store ?? null).catch(
      () => failure(500, 'ERR internal error'),
    );
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  // Longer than any client keeps an idle connection, so that none sends a request into one that is being closed.
  server.keepAliveTimeout = 75_000;

  // The port comes first: when it is taken, no redis-server has been started in vain.
  const port = await listen(server, options.port);
  try {
    backend = await startBackend({
      redisUrl: options.redisUrl,
      dataDir: options.dataDir,
      restartDelayMs: options.restartDelayMs ?? 10_000,
      onExit: options.onBackendExit ?? (() => {}),
    });
  } catch (error) {
    await stop(server);
    throw error;
  }

  const { kind, store, pid } = backend;
  return {
    url: `http://127.0.0.1:${port}`,
    token: options.token,
    backend: kind,
    port,
    get pid() {
      return pid();
    },
    async close() {
      await stop(server);
      await store.close();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${error.code})`;
      reject(new Error(`port ${port} ${reason}`));
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

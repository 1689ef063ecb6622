import { startHttpServer } from '../http-server.ts';
import type { Keeping } from '../keep-running.ts';
import { startBackend, type Backend } from './backend.ts';
import { answer, failure } from './upstash-api.ts';

/** A running local stand-in for Upstash Redis REST. */
export type RedisRest = {
  url: string;
  token: string;
  backend: Backend['kind'];
  close(): Promise<void>;
};

/** What the stand-in needs to know; the rest is about a redis-server that it starts. */
export type RedisRestOptions = Keeping & {
  /** 0 takes any free one. */
  port: number;
  token: string;
  /** Where a redis-server keeps its data. */
  dataDir: string;
  /** REDIS_URL. `memory:` forces the in-process Redis. */
  redisUrl: string | undefined;
};

/** Starts it on 127.0.0.1. Nothing that it started is left when this rejects, or after `close()`. */
export async function startRedisRest(options: RedisRestOptions): Promise<RedisRest> {
  const { port, token } = options;
  let backend: Backend | null = null;
  // The port comes first: when it is taken, no redis-server has been started in vain.
  const server = await startHttpServer(port, async (request, response) => {
    const { status, body } = await answer(request, token, backend?.store ?? null).catch(() =>
      failure(500, 'ERR internal error'),
    );
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  try {
    backend = await startBackend(options);
  } catch (error) {
    await server.close();
    throw error;
  }
  const { kind, store } = backend;
  return {
    url: server.url,
    token,
    backend: kind,
    async close() {
      await server.close();
      await store.close();
    },
  };
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { obstacle } from './ports.ts';

/** An HTTP server inside this process. */
export type HttpServer = { url: string; close(): Promise<void> };

/**
 * Listens on 127.0.0.1; port 0 takes any free one. An answer that fails closes its connection and hurts no other.
 * Throws in one sentence when it cannot listen.
 */
export async function startHttpServer(
  port: number,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<HttpServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  // Longer than any client keeps an idle connection, so that none sends a request into one that is being closed.
  server.keepAliveTimeout = 75_000;
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (error) {
    throw new Error(obstacle(port, String((error as NodeJS.ErrnoException).code)), {
      cause: error,
    });
  }
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

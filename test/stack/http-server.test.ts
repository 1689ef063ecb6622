import { describe, it } from 'vitest';
import { startHttpServer } from '../../dev/http-server.ts';

describe('an HTTP server of the stack', () => {
  it('answers on after an answer that failed', async ({ expect, onTestFinished }) => {
    const server = await startHttpServer(0, async ({ url = '' }, response) => {
      // As any of them might: an address that is none.
      response.end(new URL(url, 'http://here').pathname);
    });
    onTestFinished(server.close);
    await expect(fetch(`${server.url}//`)).rejects.toThrow('fetch failed');
    expect(await (await fetch(`${server.url}/next`)).text()).toBe('/next');
  });

  it('says in one sentence that its port is taken', async ({ expect, onTestFinished }) => {
    const first = await startHttpServer(0, async () => {});
    onTestFinished(first.close);
    const { port } = new URL(first.url);
    const second = startHttpServer(Number(port), async () => {});
    await expect(second).rejects.toThrow(new Error(`port ${port} is already in use`));
  });

  it('closes over a request that waits for its answer', async ({ expect }) => {
    const asked = Promise.withResolvers<void>();
    const server = await startHttpServer(0, async () => asked.resolve());
    const waiting = fetch(server.url);
    await asked.promise;
    await Promise.all([server.close(), expect(waiting).rejects.toThrow('fetch failed')]);
  });
});

import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { describe, it } from 'vitest';
import { createDepsFactory } from '../../src/deps.ts';
import { parseEnv } from '../../src/env.ts';
import type { AppContext, AppEnv } from '../../src/http/context.ts';
import { declareMiddleware, denyUnguarded, guard } from '../../src/http/guard.ts';
import { answerError } from '../../src/http/problem.ts';
import { requestContext } from '../../src/http/request-context.ts';
import { requestId } from '../../src/http/request-id.ts';
import { makeSecretKey, origin } from '../support/harness.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { buildApp, listRoutes } from './routes.ts';

/** The routes that anybody may use, beside the public door. A new one is added here on purpose or not at all. */
const open = [
  ...['GET /.well-known/security.txt', 'GET /health', 'GET /health/live'],
  // Its signature is what lets in.
  'POST /in/mail/resend',
];
const door = /^(GET|POST|ALL) \/(f|p|s|submit)(\/|$)/;
/** Where the links in mails lead: their tokens are what lets in. */
const links = /^(GET|POST) \/n\/(confirm|unsubscribe|preferences)\/:token$/;

const answerData = (c: AppContext) => c.text('data');

/** An API with one guarded route, in front of which somebody forgot others. */
function buildCarelessApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError(answerError);
  const openDeps = createDepsFactory(parseEnv(env));
  app.use(...declareMiddleware(requestId, requestContext(openDeps)));
  app.use('/v1/*', ...declareMiddleware(denyUnguarded));
  app.get('/v1/forgotten', answerData);
  app.all('/v1/forgotten-for-all', answerData);
  app.all('/v1/forgotten-branch/*', answerData);
  app.get('/v1/things/forgotten', answerData);
  app.get('/v1/things/:id', guard({ scope: 'leads:read' }), answerData);
  return app;
}

function unguarded(app: Hono<AppEnv>): string[] {
  return listRoutes(app)
    .filter((route) => route.access === undefined)
    .map((route) => `${route.method} ${route.path}`)
    .toSorted();
}

async function ask(path: string): Promise<Response> {
  const { key } = await makeSecretKey();
  const headers = { Authorization: `Bearer ${key}` };
  const request = new Request(new URL(path, origin), { headers });
  return buildCarelessApp().fetch(request, env, createExecutionContext());
}

describe('a route that somebody forgot to guard', () => {
  it('is not in the service: only the door, links of mails, signed events, health and security.txt stand open', ({
    expect,
  }) => {
    const routes = unguarded(buildApp());
    expect(routes.filter((route) => !door.test(route) && !links.test(route))).toEqual(open);
    expect(routes).toContain('POST /f/:address');
  });

  it('would be found by the listing', ({ expect }) => {
    expect(unguarded(buildCarelessApp())).toEqual([
      'ALL /v1/forgotten-branch/*',
      'ALL /v1/forgotten-for-all',
      'GET /v1/forgotten',
      'GET /v1/things/forgotten',
    ]);
  });

  const forgotten = ['forgotten', 'forgotten-for-all', 'things/forgotten', 'forgotten-branch/a'];
  for (const path of forgotten.map((name) => `/v1/${name}`)) {
    it(`answers nobody, not even the holder of a key: ${path}`, async ({ expect }) => {
      const response = await ask(path);
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({ code: 'internal' });
      expect(loggedOfKind('fault')).toMatchObject([{ fault: 'internal', names: ['Error'] }]);
    });
  }

  it('does not keep its guarded neighbour from answering', async ({ expect }) => {
    const response = await ask('/v1/things/1');
    expect(await response.text()).toBe('data');
  });
});

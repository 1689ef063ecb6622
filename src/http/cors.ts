import type { Hono } from 'hono/tiny';
import { createMiddleware } from 'hono/factory';
import { isKnownOrigin } from '../keys/is-known-origin.ts';
import type { AppContext, AppEnv } from './context.ts';
import { accessOf } from './guard.ts';

const exposedHeaders =
  'Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';
const allowedHeaders = 'Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Request-Id';
const maxAgeSeconds = 7_200;

/**
 * Lets pages at known origins use what a publishable key may use, and nothing else; credentials stay off. A preflight
 * carries no key, so it asks whether any live key answers pages there; 503 where that cannot be told, since a refusal
 * would say that the origin is wrong.
 */
export function cors(app: Hono<AppEnv>) {
  return createMiddleware<AppEnv>(async function cors(c, next) {
    const origin = c.req.header('Origin');
    const preflight = c.req.method === 'OPTIONS';
    const method = preflight ? c.req.header('Access-Control-Request-Method') : c.req.method;
    if (origin === undefined || !isForPages(app, method, c.req.path)) return next();
    c.header('Vary', 'Origin', { append: true });
    if (preflight) {
      if (configured(c, origin) || (await isKnownOrigin(c.var.deps, origin))) {
        c.header('Access-Control-Allow-Origin', origin);
        c.header('Access-Control-Allow-Methods', 'POST');
        c.header('Access-Control-Allow-Headers', allowedHeaders);
        c.header('Access-Control-Max-Age', String(maxAgeSeconds));
      }
      return c.body(null, 204);
    }
    await next();
    if (c.var.keyOrigins?.includes(origin) || configured(c, origin)) {
      c.header('Access-Control-Allow-Origin', origin);
      c.header('Access-Control-Expose-Headers', exposedHeaders);
    }
    return undefined;
  });
}

function configured(c: AppContext, origin: string): boolean {
  return c.var.deps.config.corsOrigins.includes(origin);
}

function isForPages(app: Hono<AppEnv>, method: string | undefined, path: string): boolean {
  const handlers = app.router.match(method ?? '', path)[0].map(([[, route]]) => route.handler);
  return handlers.some((handler) => accessOf(handler)?.publishable === true);
}

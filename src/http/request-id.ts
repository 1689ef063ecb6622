import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './context.ts';

/** Without the characters that an email address or a key has: the id is logged. */
const wellFormed = /^[0-9A-Za-z-]{8,64}$/;

/** Gives the request its id: the caller's where it is well formed, else a new one. Comes first. */
export const requestId = createMiddleware<AppEnv>(async function requestId(c, next) {
  const offered = c.req.header('X-Request-Id') ?? '';
  const id = wellFormed.test(offered) ? offered : crypto.randomUUID();
  c.set('requestId', id);
  c.header('X-Request-Id', id);
  await next();
});

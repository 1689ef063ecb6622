import { createMiddleware } from 'hono/factory';
import type { Deps } from '../deps.ts';
import { keyedHash } from '../lib/hashing.ts';
import { ipBucket } from '../lib/ip-bucket.ts';
import type { AppEnv } from './context.ts';

const wellFormedId = /^[\w.-]{8,64}$/;

/** Gives the request its id, its clients and the hash by which its sender is counted. Comes first. */
export function requestContext(openDeps: (context: Pick<ExecutionContext, 'waitUntil'>) => Deps) {
  return createMiddleware<AppEnv>(async function requestContext(c, next) {
    const deps = openDeps(c.executionCtx);
    const offered = c.req.header('X-Request-Id') ?? '';
    const requestId = wellFormedId.test(offered) ? offered : crypto.randomUUID();
    // Only the platform writes this header; every other forwarding header can be forged.
    const bucket = ipBucket(c.req.header('CF-Connecting-IP') ?? 'unknown');
    c.set('deps', deps);
    c.set('requestId', requestId);
    c.set('ipHash', await keyedHash(deps.config.secrets[0], 'ip-address', bucket));
    c.set('windows', []);
    c.header('X-Request-Id', requestId);
    await next();
  });
}

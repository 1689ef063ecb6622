import { createMiddleware } from 'hono/factory';
import type { OpenDeps } from '../deps.ts';
import { keyedHash } from '../lib/hashing.ts';
import { ipBucket } from '../lib/ip-bucket.ts';
import type { AppEnv } from './context.ts';

/** Milliseconds after which a request has to be answered: 3 s, less the way back. */
const requestWithinMs = 2_600;

/** Gives the request its clients, and the hash by which its sender is counted. */
export function requestContext(openDeps: OpenDeps) {
  return createMiddleware<AppEnv>(async function requestContext(c, next) {
    const deps = openDeps(c.executionCtx, requestWithinMs);
    // Only the platform writes this header; every other forwarding header can be forged.
    const bucket = ipBucket(c.req.header('CF-Connecting-IP') ?? 'unknown');
    c.set('deps', deps);
    c.set('ipHash', await keyedHash(deps.config.secrets[0], 'ip-address', bucket));
    await next();
  });
}

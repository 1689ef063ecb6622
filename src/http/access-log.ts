import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { SecurityLine } from '../platform/logger.ts';
import type { AppContext, AppEnv } from './context.ts';

/** Writes the request's line after the answer is made, and its trace. */
export const accessLog = createMiddleware<AppEnv>(async function accessLog(c, next) {
  const { now, logger, reporter, config } = c.var.deps;
  const startedAt = now();
  await next();
  const endedAt = now();
  const route = routeOf(c);
  const { requestId, identity, errorCode, limitsSkipped } = c.var;
  logger.request({
    request_id: requestId,
    method: c.req.method,
    route,
    status: c.res.status,
    duration_ms: endedAt - startedAt,
    ...(errorCode === undefined ? {} : { code: errorCode }),
    ...(identity === undefined ? {} : { key_id: identity.id }),
    ...(limitsSkipped ? { limits_skipped: true as const } : {}),
    version: config.versionId,
  });
  reporter.trace({
    requestId,
    method: c.req.method,
    route,
    status: c.res.status,
    startedAt,
    endedAt,
  });
});

/** Writes a line of the security log. */
export function logSecurity(
  c: AppContext,
  line: Pick<SecurityLine, 'event' | 'reason' | 'key_id'>,
): void {
  c.var.deps.logger.security({
    ...line,
    request_id: c.var.requestId,
    route: routeOf(c),
    ip_hash: c.var.ipHash,
  });
}

/** The pattern of the route that answers, such as `/v1/leads/:id`: the first that fits, and no middleware's. */
export function routeOf(c: AppContext): string {
  const paths = matchedRoutes(c as Context).map(({ path }) => path);
  return paths.find((path) => !path.endsWith('*')) ?? paths.at(-1) ?? '';
}

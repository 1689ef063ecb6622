import { createMiddleware } from 'hono/factory';
import { AppError } from '../errors.ts';
import { logSecurity } from './access-log.ts';
import type { AppEnv } from './context.ts';

/**
 * Turns away what is not meant for us: plain http outside development (refused, not redirected, so that a client
 * notices that it sent its key in clear: OWASP ASVS 5.0, 4.1.2), hosts that are not ours, and bursts.
 */
export const frontDoor = createMiddleware<AppEnv>(async function frontDoor(c, next) {
  const { config } = c.var.deps;
  const url = new URL(c.req.url);
  if (config.environment !== 'development' && url.protocol !== 'https:') {
    logSecurity(c, { event: 'insecure_transport', reason: 'plain_http' });
    throw new AppError(
      'insecure_transport',
      'Use https. If this request carried an API key, it was sent in clear: revoke the key.',
    );
  }
  if (!config.allowedHosts.includes(url.hostname)) {
    logSecurity(c, { event: 'host_refused', reason: 'unknown_host' });
    throw new AppError('misdirected_request', 'This host is not served here; see ALLOWED_HOSTS.');
  }
  const burst = await config.burst.limit({ key: c.var.ipHash });
  if (!burst.success) {
    logSecurity(c, { event: 'limit_exceeded', reason: 'burst' });
    throw new AppError('rate_limited', 'Too many requests at once. Slow down.', { retryAfter: 10 });
  }
  await next();
});

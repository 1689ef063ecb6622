import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../../http/context.ts';
import { addressHeaders } from '../control-fields.ts';

const allowedHeaders = [
  ...['Accept', 'Authorization', 'Content-Type', 'Idempotency-Key', 'X-API-Key', 'X-Request-Id'],
  ...['X-Requested-With', 'X-Inlet-Dry-Run'],
  // What the libraries of other services send.
  ...['Formspree-Client', 'Formspree-Session-Data', 'FormInit-SDK-Version'],
  ...addressHeaders,
].join(', ');

/**
 * Lets a script on any page read what a form answers it, errors too. Plain HTML may post from anywhere, so there is
 * nothing to keep from scripts: the form's own list of origins decides what is taken.
 */
export const formCors = createMiddleware<AppEnv>(async function formCors(c, next) {
  const origin = c.req.header('Origin');
  c.header('Vary', 'Accept, Origin', { append: true });
  // A script in no-cors mode reads nothing, but has to see that its entry was taken.
  c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  if (origin !== undefined) {
    c.header('Access-Control-Allow-Origin', origin);
    c.header(
      'Access-Control-Expose-Headers',
      'Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id',
    );
  }
  if (c.req.method !== 'OPTIONS') return next();
  c.header('Access-Control-Allow-Methods', 'GET, POST');
  c.header('Access-Control-Allow-Headers', allowedHeaders);
  c.header('Access-Control-Max-Age', '7200');
  return c.body(null, 204);
});

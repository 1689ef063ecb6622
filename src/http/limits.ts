import { AppError } from '../errors.ts';
import { parseRate, type Rate } from '../lib/rate.ts';
import type { Limit, Window } from '../platform/limiter.ts';
import { logSecurity } from './access-log.ts';
import type { AppContext } from './context.ts';

/**
 * Counts the request in each window, in one call to Redis, and refuses it with 429 when one is full. With Redis
 * away the request goes on under the platform's burst limit and the log says so, unless `strict`: then 503. The
 * `watched` windows are counted alongside and refuse nothing; returns those of them that are full.
 */
export async function enforceLimits(
  c: AppContext,
  limits: Limit[],
  { strict = false, watched = [] }: { strict?: boolean; watched?: Limit[] } = {},
): Promise<Limit[]> {
  const { limiter, now } = c.var.deps;
  const counted = await limiter.count([...limits, ...watched]);
  if (counted === null) {
    if (strict) {
      throw new AppError('unavailable', 'The service cannot check its limits. Try again shortly.', {
        retryAfter: 5,
      });
    }
    c.set('limitsSkipped', true);
    return [];
  }
  const windows = counted.slice(0, limits.length);
  writeHeaders(c, windows, now());
  const full = windows.filter((window) => !window.allowed);
  if (full.length === 0) {
    const others = counted.slice(limits.length);
    return others.filter((window) => !window.allowed).map((window) => window.limit);
  }
  const names = full.map((window) => window.limit.name).join(', ');
  logSecurity(c, { event: 'limit_exceeded', reason: names });
  throw new AppError('rate_limited', `The limit is reached (${names}). Try again later.`, {
    retryAfter: Math.max(...full.map((window) => secondsUntil(window.resetAt, now()))),
  });
}

/** The window of visitors without a key. */
export function anonymousLimit(c: AppContext): Limit {
  const rate = c.var.deps.config.limits.anonymousPerIp;
  return { name: 'anonymous', rate, subject: c.var.ipHash };
}

/** The window of those whose keys are refused. */
export function authFailureLimit(c: AppContext): Limit {
  const rate = c.var.deps.config.limits.authFailures;
  return { name: 'auth-failures', rate, subject: c.var.ipHash };
}

/** The window of a key: its own rate, else the deployment's. */
export function keyLimit(c: AppContext, key: { id: string; rate: Rate | null }): Limit {
  return { name: 'api', rate: key.rate ?? c.var.deps.config.limits.apiPerKey, subject: key.id };
}

/** The window of one visitor at one form: the form's own rate, else the deployment's. */
export function intakeLimit(c: AppContext, form: { id: string; rateLimit: string | null }): Limit {
  const own = form.rateLimit === null ? null : parseRate(form.rateLimit);
  const rate = own ?? c.var.deps.config.limits.intakePerIp;
  return { name: 'intake', rate, subject: `${c.var.ipHash}:${form.id}` };
}

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (draft 11). */
function writeHeaders(c: AppContext, windows: Window[], now: number): void {
  const policies = windows.map(
    ({ limit: { name, rate } }) => `"${name}";q=${rate.limit};w=${rate.windowMs / 1_000}`,
  );
  const states = windows.map(
    (window) =>
      `"${window.limit.name}";r=${window.remaining};t=${secondsUntil(window.resetAt, now)}`,
  );
  c.header('RateLimit-Policy', policies.join(', '));
  c.header('RateLimit', states.join(', '));
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1_000));
}

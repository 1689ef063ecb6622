import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { By } from '../audit/statements.ts';
import { AppError } from '../errors.ts';
import type { Scope } from '../keys/contract.ts';
import { verifyKey, type Identity } from '../keys/verify-key.ts';
import type { Limit } from '../platform/limiter.ts';
import { logSecurity } from './access-log.ts';
import type { AppContext, AppEnv } from './context.ts';
import {
  anonymousLimit,
  authFailureLimit,
  enforceLimits,
  intakeLimit,
  keyLimit,
} from './limits.ts';

/** Who may use a route. */
export type Access = {
  /** What a secret key must be allowed to do. */
  scope: Scope;
  /** Whether the publishable key of a form may use it too, counted per visitor. */
  publishable?: boolean;
  /** Refuses while the limits cannot be checked. */
  strict?: boolean;
};

const guards = new WeakMap<MiddlewareHandler, Access>();
const middlewareHandlers = new WeakSet<MiddlewareHandler>();

/** Lets a request through that carries a key with the right to this route, and counts it. */
export function guard(access: Access): MiddlewareHandler<AppEnv> {
  const middleware = createMiddleware<AppEnv>(async function guard(c, next) {
    await admit(c, access);
    await next();
  });
  guards.set(middleware as MiddlewareHandler, access);
  return middleware;
}

/** Goes on for a request that carries a key with a right, and counts it; throws for any other. */
export async function admit(c: AppContext, access: Access): Promise<void> {
  const identity = await identify(c);
  c.set('identity', identity);
  await enforceLimits(c, limitsFor(c, identity), { strict: access.strict ?? false });
  authorise(c, identity, access);
}

/** Who sent the request. Throws where no guard has let it through. */
export function identityOf(c: AppContext): Identity {
  const { identity } = c.var;
  if (identity === undefined) throw new Error('No guard stands before this handler.');
  return identity;
}

/** Who acts, as the audit log keeps it. Throws where no guard has let the request through. */
export function by(c: AppContext): By {
  return { actor: identityOf(c).id, requestId: c.var.requestId };
}

/** The access that a handler demands, for those that list the routes. Undefined for what is no guard. */
export function accessOf(handler: unknown): Access | undefined {
  return guards.get(handler as MiddlewareHandler);
}

/** Comes before the routes of the API: one that somebody forgot to guard answers nobody. */
export const denyUnguarded = createMiddleware<AppEnv>(async function denyUnguarded(c, next) {
  const first = matchedRoutes(c as Context).find((route) => !isMiddleware(route));
  if (first !== undefined && accessOf(first.handler) === undefined) {
    throw new Error('A route of the API has no guard.');
  }
  await next();
});

/** Says that handlers only stand before the routes, and answer none of their own. Everything else needs a guard. */
export function declareMiddleware<T extends MiddlewareHandler<AppEnv>>(...handlers: T[]): T[] {
  for (const handler of handlers) middlewareHandlers.add(handler);
  return handlers;
}

/** Whether a handler was declared to stand before the routes. */
export function isMiddleware({ handler }: { handler: unknown }): boolean {
  return middlewareHandlers.has(handler as MiddlewareHandler);
}

async function identify(c: AppContext): Promise<Identity> {
  const { deps } = c.var;
  const presented = presentedKey(c);
  if (presented === null) {
    logSecurity(c, { event: 'key_refused', reason: 'missing_key' });
    await enforceLimits(c, [anonymousLimit(c)]);
    throw new AppError('missing_key', 'Send an API key as "Authorization: Bearer <key>".');
  }
  const outcome = await verifyKey(deps, presented);
  c.set('keyOrigins', 'refused' in outcome ? outcome.origins : outcome.identity.origins);
  if ('refused' in outcome) {
    const { refused: reason, keyId } = outcome;
    logSecurity(c, { event: 'key_refused', reason, ...(keyId === null ? {} : { key_id: keyId }) });
    await enforceLimits(c, [authFailureLimit(c)]);
    throw new AppError(reason, refusals[reason]);
  }
  return outcome.identity;
}

const refusals = {
  invalid_key: 'This API key is not known here. Check that it was copied whole.',
  revoked_key: 'This API key has been revoked. Issue a new one.',
  expired_key: 'This API key has expired. Issue a new one.',
};

function presentedKey(c: AppContext): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  return bearer ?? c.req.header('X-API-Key') ?? null;
}

function authorise(c: AppContext, identity: Identity, access: Access): void {
  const refusal = refusalOf(identity, access, c.req.header('Origin') ?? '');
  if (refusal === null) return;
  const event = refusal.code === 'origin_not_allowed' ? 'origin_refused' : 'key_refused';
  logSecurity(c, { event, reason: refusal.code, key_id: identity.id });
  throw refusal;
}

function refusalOf(identity: Identity, access: Access, origin: string): AppError | null {
  const { kind, scopes, origins, form } = identity;
  if (kind === 'publishable' && access.publishable !== true) {
    return new AppError(
      'key_kind_not_allowed',
      'A publishable key may only create. Use a secret key.',
    );
  }
  if (kind === 'secret' && !scopes.includes(access.scope)) {
    return new AppError('insufficient_scope', `This needs the scope ${access.scope}.`);
  }
  if (origins.length > 0 && !origins.includes(origin)) {
    return new AppError(
      'origin_not_allowed',
      'This key answers only pages at the origins that it, or else its form, names.',
    );
  }
  if (form?.active === false) {
    return new AppError('form_inactive', 'This form takes no more entries.');
  }
  if (form?.kind === 'newsletter' && access.scope === 'leads:write') {
    return new AppError(
      'key_kind_not_allowed',
      'The form of this key takes sign-ups: send them to /v1/subscribers.',
    );
  }
  if (form !== null && form.captcha !== null) {
    return new AppError(
      'key_kind_not_allowed',
      'The form of this key asks for a captcha: send to the address of the form, without a key.',
    );
  }
  return null;
}

function limitsFor(c: AppContext, identity: Identity): Limit[] {
  const { form, rate } = identity;
  if (form === null) return [keyLimit(c, identity)];
  // A publishable key is public: a window that all visitors share would let one of them close the form.
  return rate === null ? [intakeLimit(c, form)] : [intakeLimit(c, form), keyLimit(c, identity)];
}

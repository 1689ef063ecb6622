import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { AppError, type ErrorCode } from '../errors.ts';
import { describeFault } from '../platform/logger.ts';
import { routeOf } from './access-log.ts';
import type { AppContext } from './context.ts';

type Kind = { status: ContentfulStatusCode; title: string; type?: string };

const quotaExceeded = 'https://iana.org/assignments/http-problem-types#quota-exceeded';
const reducedCapacity =
  'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity';

const kinds: Record<ErrorCode, Kind> = {
  unreadable_body: { status: 400, title: 'Unreadable body' },
  invalid_cursor: { status: 400, title: 'Invalid cursor' },
  missing_key: { status: 401, title: 'Missing API key' },
  invalid_key: { status: 401, title: 'Invalid API key' },
  revoked_key: { status: 401, title: 'Revoked API key' },
  expired_key: { status: 401, title: 'Expired API key' },
  insecure_transport: { status: 403, title: 'HTTPS required' },
  insufficient_scope: { status: 403, title: 'Insufficient scope' },
  key_kind_not_allowed: { status: 403, title: 'Not for this kind of key' },
  origin_not_allowed: { status: 403, title: 'Origin not allowed' },
  form_inactive: { status: 403, title: 'Form not active' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  precondition_failed: { status: 412, title: 'Precondition failed' },
  body_too_large: { status: 413, title: 'Body too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  misdirected_request: { status: 421, title: 'Misdirected request' },
  validation_failed: { status: 422, title: 'Validation failed' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key reused' },
  rate_limited: { status: 429, title: 'Too many requests', type: quotaExceeded },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Unavailable', type: reducedCapacity },
  misconfigured: { status: 503, title: 'Misconfigured' },
};

const internal = new AppError(
  'internal',
  'Something went wrong on our side. It has been reported.',
);

/** Hono's `onError`: what the caller may read of a failure, and a report of what is our fault. */
export function answerError(error: Error, c: AppContext): Response {
  const known = error instanceof AppError ? error : internal;
  const { status } = kinds[known.code];
  if (status >= 500) reportFault(error, known.code, c);
  return problem(c, known);
}

/** An RFC 9457 problem document. */
export function problem(c: AppContext, error: AppError): Response {
  const { status, title, type } = kinds[error.code];
  c.set('errorCode', error.code);
  const headers: Record<string, string> = {
    ...error.headers,
    'Content-Type': 'application/problem+json',
  };
  if (error.retryAfter !== null) headers['Retry-After'] = String(error.retryAfter);
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="inlet"';
  return c.body(
    JSON.stringify({
      type: type ?? 'about:blank',
      title,
      status,
      detail: error.message,
      instance: `urn:request:${c.var.requestId}`,
      code: error.code,
      request_id: c.var.requestId,
      ...(error.fields.length > 0 ? { errors: error.fields } : {}),
    }),
    status,
    headers,
  );
}

function reportFault(error: Error, code: ErrorCode, c: AppContext): void {
  const { deps, requestId } = c.var;
  deps.logger.fault({ fault: code, request_id: requestId, ...describeFault(error) });
  deps.reporter.report(error, { requestId, method: c.req.method, route: routeOf(c) });
}

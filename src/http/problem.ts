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
  invalid_signature: { status: 401, title: 'Invalid signature' },
  insecure_transport: { status: 403, title: 'HTTPS required' },
  insufficient_scope: { status: 403, title: 'Insufficient scope' },
  key_kind_not_allowed: { status: 403, title: 'Not for this kind of key' },
  origin_not_allowed: { status: 403, title: 'Origin not allowed' },
  form_inactive: { status: 403, title: 'Form not active' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  suppressed: { status: 409, title: 'Suppressed' },
  precondition_failed: { status: 412, title: 'Precondition failed' },
  body_too_large: { status: 413, title: 'Body too large' },
  files_too_big: { status: 413, title: 'Files too big' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  misdirected_request: { status: 421, title: 'Misdirected request' },
  validation_failed: { status: 422, title: 'Validation failed' },
  empty_entry: { status: 422, title: 'Nothing was filled in' },
  captcha_failed: { status: 422, title: 'Captcha failed' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key reused' },
  rate_limited: { status: 429, title: 'Too many requests', type: quotaExceeded },
  internal: { status: 500, title: 'Internal error' },
  files_not_stored: { status: 503, title: 'Files not stored', type: reducedCapacity },
  unavailable: { status: 503, title: 'Unavailable', type: reducedCapacity },
  misconfigured: { status: 503, title: 'Misconfigured' },
};

const internal = new AppError(
  'internal',
  'Something went wrong on our side. It has been reported.',
);

/** Hono's `onError`: what the caller may read of a failure, as a problem document. */
export function answerError(error: Error, c: AppContext): Response {
  return problem(c, exposeError(error, c));
}

/** What the caller may read of a failure. One that is our fault is reported. */
export function exposeError(error: Error, c: AppContext): AppError {
  const known = error instanceof AppError ? error : internal;
  if (kinds[known.code].status >= 500) reportFault(error, known.code, c);
  return known;
}

/** An RFC 9457 problem document. */
export function problem(c: AppContext, error: AppError): Response {
  const { status, headers, members } = describeProblem(c, error);
  const document = {
    ...members,
    code: error.code,
    ...(error.fields.length > 0 ? { errors: error.fields } : {}),
  };
  return c.body(JSON.stringify(document), status, {
    ...headers,
    'Content-Type': 'application/problem+json',
  });
}

/** Status and headers of a refusal, and the members of RFC 9457 that say why. Notes its code for the log. */
export function describeProblem(c: AppContext, error: AppError) {
  const { status, title, type } = kinds[error.code];
  c.set('errorCode', error.code);
  const headers: Record<string, string> = { ...error.headers };
  if (error.retryAfter !== null) headers['Retry-After'] = String(error.retryAfter);
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="inlet"';
  const members = {
    type: type ?? 'about:blank',
    title,
    status,
    detail: error.message,
    instance: `urn:request:${c.var.requestId}`,
    request_id: c.var.requestId,
  };
  return { status, headers, members };
}

function reportFault(error: Error, code: ErrorCode, c: AppContext): void {
  const { deps, requestId } = c.var;
  deps.logger.fault({ fault: code, request_id: requestId, ...describeFault(error) });
  deps.reporter.report(error, { requestId, method: c.req.method, route: routeOf(c) });
}

/** Every way a request can fail. `http/problem.ts` gives each one its status and title. */
export type ErrorCode =
  | 'unreadable_body'
  | 'invalid_cursor'
  | 'missing_key'
  | 'invalid_key'
  | 'revoked_key'
  | 'expired_key'
  | 'invalid_signature'
  | 'insecure_transport'
  | 'insufficient_scope'
  | 'key_kind_not_allowed'
  | 'origin_not_allowed'
  | 'form_inactive'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'suppressed'
  | 'precondition_failed'
  | 'body_too_large'
  | 'files_too_big'
  | 'unsupported_media_type'
  | 'misdirected_request'
  | 'validation_failed'
  | 'empty_entry'
  | 'captcha_failed'
  | 'idempotency_key_reused'
  | 'rate_limited'
  | 'files_not_stored'
  | 'internal'
  | 'unavailable'
  | 'misconfigured';

/** What is wrong with one field: its path in the body, a code, and a sentence for a person. */
export type FieldError = { field: string; code: string; message: string };

type Details = {
  fields?: FieldError[];
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
  headers?: Record<string, string>;
  /** For the log alone: the name or code of what failed, never its message. */
  reason?: string;
};

/** A failure that the caller may read. Its detail never holds upstream text or personal data. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly fields: FieldError[];
  readonly retryAfter: number | null;
  readonly headers: Record<string, string>;
  readonly reason: string | null;

  constructor(code: ErrorCode, detail: string, details: Details = {}) {
    super(detail);
    this.code = code;
    this.fields = details.fields ?? [];
    this.retryAfter = details.retryAfter ?? null;
    this.headers = details.headers ?? {};
    this.reason = details.reason ?? null;
  }
}

/** The 422 for fields that were understood but may not be so. */
export function invalidFields(fields: FieldError[]): AppError {
  return new AppError('validation_failed', 'Some fields are not valid; see errors.', { fields });
}

/** The 422 for a field that names what is not there. */
export function noSuch(field: string, what: string): AppError {
  return invalidFields([{ field, code: 'not_found', message: `is no ${what}` }]);
}

/** The 404 for a resource; the same words whether it never was or is gone. */
export function notFound(what: string): AppError {
  return new AppError('not_found', `There is no ${what} with this id.`);
}

import type { ExpectStatic } from 'vitest';
import type { ErrorCode, FieldError } from '../../src/errors.ts';

/** An RFC 9457 problem document, as every refusal is answered. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ErrorCode;
  request_id: string;
  errors?: FieldError[];
};

/** A page of a list. */
export type List<T> = {
  data: T[];
  page: { next_cursor: string | null; has_more: boolean; limit: number };
};

/** Checks a refusal as a whole: status, document, request id and security headers. */
export async function expectProblem(
  expect: ExpectStatic,
  response: Response,
  status: number,
  code: ErrorCode,
): Promise<Problem> {
  const problem = await response.json<Problem>();
  expect({ status: response.status, code: problem.code }).toEqual({ status, code });
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  const requestId = response.headers.get('X-Request-Id');
  expect(requestId).toMatch(/^[\w.-]{8,64}$/);
  const { errors, ...members } = problem;
  expect(members).toEqual({
    type: expect.stringMatching(/^about:blank$|^https:\/\//),
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/\S/),
    instance: `urn:request:${requestId}`,
    code,
    request_id: requestId,
  });
  expect(errors !== undefined && errors.length > 0).toBe(code === 'validation_failed');
  for (const error of errors ?? []) {
    expect(error).toEqual({
      field: expect.any(String),
      code: expect.stringMatching(/^[a-z_]+$/),
      message: expect.stringMatching(/\S/),
    });
  }
  expectSecurityHeaders(expect, response);
  return problem;
}

/** Checks what every answer carries. */
export function expectSecurityHeaders(expect: ExpectStatic, { headers }: Response): void {
  expect(Object.fromEntries(headers)).toMatchObject({
    'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
}

/** Checks a 422, and returns the code of each refused field. */
export async function refusedFields(
  expect: ExpectStatic,
  response: Response,
): Promise<Record<string, string>> {
  const { errors = [] } = await expectProblem(expect, response, 422, 'validation_failed');
  return Object.fromEntries(errors.map(({ field, code }) => [field, code]));
}

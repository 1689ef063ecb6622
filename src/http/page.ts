import * as z from 'zod/mini';
import { AppError } from '../errors.ts';
import type { Page, Position } from '../platform/keyset.ts';
import type { AppContext } from './context.ts';

// Number() alone would take 0x10, 1e2 and blanks.
const digits = z.string().check(
  z.refine((text) => /^\d+$/.test(text), {
    error: 'must be a whole number',
    params: { code: 'invalid_type' },
  }),
);

const limit = z.pipe(z.pipe(digits, z.transform(Number)), z.number().check(z.gte(1), z.lte(200)));

/** The query parameters that every list takes: pages of 50, at most 200. */
export const pageQuery = z.strictObject({
  limit: z._default(limit, 50),
  cursor: z.optional(z.string().check(z.maxLength(500))),
});

const cursorSchema = z.tuple([z.string(), z.int(), z.string().check(z.regex(/^\w{1,60}$/))]);

/**
 * Where a page begins. The sort is in it, since a position means nothing in another order. None of its characters
 * makes a + or a / in base64.
 */
export function encodeCursor(sort: string, position: Position): string {
  const text = JSON.stringify([sort, position.value, position.id]);
  return btoa(text).replaceAll('=', '');
}

/** Reads a cursor of this sort. Throws `invalid_cursor` for any other text. */
export function decodeCursor(sort: string, cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  try {
    const [madeFor, value, id] = cursorSchema.parse(JSON.parse(atob(cursor)));
    if (madeFor === sort) return { value, id };
  } catch {
    // Falls through to the one answer for every cursor that is not ours.
  }
  throw new AppError('invalid_cursor', 'Use next_cursor as it was given, with the same sort.');
}

/** Answers one page of a list, with a `Link` to the next (RFC 8288). */
export function answerPage<T>(
  c: AppContext,
  page: Page<T>,
  options: { sort: string; limit: number; present: (row: T) => object },
): Response {
  const nextCursor = page.next === null ? null : encodeCursor(options.sort, page.next);
  if (nextCursor !== null) {
    const next = new URL(c.req.url);
    next.searchParams.set('cursor', nextCursor);
    c.header('Link', `<${next.pathname}${next.search}>; rel="next"`);
  }
  return c.json({
    data: page.rows.map((row) => options.present(row)),
    page: { next_cursor: nextCursor, has_more: nextCursor !== null, limit: options.limit },
  });
}

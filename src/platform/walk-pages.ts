import { AppError } from '../errors.ts';
import type { Page, Position } from './keyset.ts';

/**
 * Rows of a page. 100,000 rows are 200 calls, where Workers may make 1,000. The largest leads are 53 kB each, and libSQL
 * answers with 10 MiB at most: 125 of them fit.
 */
const rowsAtOnce = 500;
const fewestRows = 125;

/** Milliseconds that a page may take: each has its own, however long the whole takes. */
const pageWithinMs = 2_600;

/**
 * Every row of a list, page by page. A page is read when it is asked for, and no two are held. One that does not come, as
 * it is too large or takes too long, is asked for again by halves.
 */
export async function* walkPages<T>(
  deps: { now: () => number; deadline: { at: number } },
  readPage: (page: { after: Position | null; limit: number }) => Promise<Page<T>>,
  limit: number = rowsAtOnce,
): AsyncGenerator<T[], void> {
  let after: Position | null = null;
  let count = limit;
  for (;;) {
    deps.deadline.at = deps.now() + pageWithinMs;
    const page: Page<T> | null = await readPage({ after, limit: count }).catch((error: unknown) => {
      if (count > fewestRows && isUnavailable(error)) return null;
      throw error;
    });
    if (page === null) {
      count = Math.ceil(count / 2);
    } else {
      yield page.rows;
      if (page.next === null) return;
      after = page.next;
    }
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'unavailable';
}

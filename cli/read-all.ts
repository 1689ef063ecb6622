import type { Page, Position } from '../src/platform/keyset.ts';

/** Every row of a list, page by page. */
export async function readAll<T>(
  list: (page: { after: Position | null; limit: number }) => Promise<Page<T>>,
): Promise<T[]> {
  const rows: T[] = [];
  let after: Position | null = null;
  do {
    const page: Page<T> = await list({ after, limit: 200 });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}

import { asc, desc, sql, type AnyColumn, type SQL } from 'drizzle-orm';

/** The last row of the page before: its value in the sorted column, and its id. */
export type Position = { value: number; id: string };

/** Some rows of a list, and where the next ones begin; null at the end. */
export type Page<T> = { rows: T[]; next: Position | null };

export type Direction = 'ascending' | 'descending';

/** Rows after a position. A row-value comparison, which SQLite answers from an index on both columns. */
export function rowsAfter(
  column: AnyColumn,
  id: AnyColumn,
  direction: Direction,
  position: Position,
): SQL {
  const order = sql.raw(direction === 'ascending' ? '>' : '<');
  return sql`(${column}, ${id}) ${order} (${position.value}, ${position.id})`;
}

/** The order in which {@link rowsAfter} makes sense. */
export function keysetOrder(column: AnyColumn | SQL, id: AnyColumn, direction: Direction): SQL[] {
  return direction === 'ascending' ? [asc(column), asc(id)] : [desc(column), desc(id)];
}

/** Cuts the one row too many that a query for a page asks for, to learn whether there is a next page. */
export function toPage<T>(rows: T[], limit: number, positionOf: (row: T) => Position): Page<T> {
  const last = rows[limit - 1];
  const more = rows.length > limit && last !== undefined;
  return { rows: rows.slice(0, limit), next: more ? positionOf(last) : null };
}

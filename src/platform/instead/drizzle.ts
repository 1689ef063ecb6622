// What drizzle brings along for other databases, for its relational queries, and for tables whose columns come from a
// callback. Ours are SQLite's, joined by hand, and import their builders.
import { unused } from './unused.ts';

/** Asked of every part of a statement: none of ours is an enum of Postgres. */
export function isPgEnum(): boolean {
  return false;
}

export {
  unused as Many,
  unused as One,
  unused as getOperators,
  unused as getOrderByOperators,
  unused as getPgColumnBuilders,
  unused as getSQLiteColumnBuilders,
  unused as normalizeRelation,
};

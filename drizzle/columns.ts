import { sql, type AnyColumn } from 'drizzle-orm';
import { integer, text } from 'drizzle-orm/sqlite-core';

/** What a lead can be while somebody works on it. */
export const leadStatuses = ['new', 'contacted', 'qualified', 'converted', 'lost'] as const;

/** A point in time: integer milliseconds since the Unix epoch, UTC. */
export const instant = () => integer({ mode: 'number' });

/** A JSON array of strings, `[]` when nothing was given. */
export const stringList = () =>
  text({ mode: 'json' })
    .$type<string[]>()
    .notNull()
    .default(sql`'[]'`);

/** The CHECK that a column holds one of these words. */
export const isOneOf = (column: AnyColumn, words: readonly string[]) =>
  sql`${column} IN (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`;

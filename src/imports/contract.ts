import * as z from 'zod/mini';
import { conflictPolicies } from '../../drizzle/newsletter.ts';
import type { FieldError } from '../errors.ts';
import { linesOf, nullableText, textOf } from '../lib/text.ts';
import { attributes, email, language, tags } from '../subscribers/profile.ts';

/** As many rows are taken at once: full of tags and attributes, they take the database a good part of a second. */
export const mostRows = 500;

const count = z.int().check(z.gte(0));

/** The body of `POST /v1/imports`. */
export const newImportBody = z.strictObject({
  list_id: textOf(1, 60),
  on_conflict: z._default(z.enum(conflictPolicies), 'ignore'),
  /** Where their consent is from: it is kept as evidence for each of them. */
  consent: linesOf(1, 2_000),
  fingerprint: z._default(nullableText(200), null),
  rows_total: z._default(z.nullable(count), null),
});

export type NewImport = z.output<typeof newImportBody>;

/** The body of `POST /v1/imports/{id}/rows`. What is in a row is checked row by row. */
export const rowsBody = z.strictObject({
  from: count,
  rows: z.array(z.unknown()).check(z.minLength(1), z.maxLength(mostRows)),
  dry_run: z._default(z.boolean(), false),
});

/** Some rows of an import: `from` is how many come before them. */
export type Rows = Pick<z.output<typeof rowsBody>, 'from' | 'rows'>;

/** A row: one person. */
export const importRow = z.strictObject({
  email,
  full_name: z._default(nullableText(255), null),
  language: z._default(language, null),
  tags: z._default(tags, []),
  attributes: z._default(attributes, {}),
});

export type ImportRow = z.output<typeof importRow>;

/** What is wrong with a row. Rows are counted from 1 over the whole import; no value is in it. */
export type RowError = { row: number } & FieldError;

/** What became of rows, or would. */
export type Counts = Record<'added' | 'changed' | 'unchanged' | 'suppressed' | 'invalid', number>;

/** An import as it is shown. Times are ISO 8601. */
export type ImportJson = Counts & {
  id: string;
  list_id: string;
  fingerprint: string | null;
  on_conflict: (typeof conflictPolicies)[number];
  consent: string | null;
  state: string;
  rows_total: number | null;
  rows_done: number;
  created_at: string;
  updated_at: string;
};

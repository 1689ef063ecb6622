import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant, isOneOf } from './columns.ts';
import { fileKinds } from './forms.ts';
import { submissions } from './leads.ts';

/** A file that came with a submission. Its bytes are in R2, under its id. */
export const files = sqliteTable(
  'files',
  {
    id: text().primaryKey(),
    /** Null once the submission is gone: the cron then removes the bytes and this row. */
    submissionId: text().references(() => submissions.id, { onDelete: 'set null' }),
    /** The name of the input. */
    field: text().notNull(),
    /** What the visitor's machine called it. Shown, never used to find or to judge it. */
    filename: text().notNull(),
    kind: text({ enum: fileKinds }).notNull(),
    /** What its bytes say that it is. */
    mediaType: text().notNull(),
    bytes: integer().notNull(),
    width: integer(),
    height: integer(),
    /** False where R2 would not take its bytes when it came: there is nothing to serve then. */
    stored: integer({ mode: 'boolean' }).notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [
    index('files_by_submission').on(table.submissionId),
    check('files_kind', isOneOf(table.kind, fileKinds)),
    check('files_bytes', sql`${table.bytes} >= 0`),
  ],
);

import { sql } from 'drizzle-orm';
import { check, index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant } from './columns.ts';

/** What is still to be sent. A row is written in the batch of what it tells of. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: text().primaryKey(),
    /** Who sends it: `lead_notification`. */
    topic: text().notNull(),
    /** What it tells of, by id. */
    resourceId: text().notNull(),
    payload: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    dueAt: instant().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [
    index('outbox_by_due').on(table.dueAt, table.id),
    index('outbox_by_resource').on(table.resourceId),
    check('outbox_payload_json', sql`json_type(${table.payload}) = 'object'`),
  ],
);

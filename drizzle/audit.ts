import { sql } from 'drizzle-orm';
import { check, index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant } from './columns.ts';

/** Who did what to what. Rows are only ever added, and hold no personal data. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: text().primaryKey(),
    action: text().notNull(),
    actor: text().notNull(),
    targetId: text().notNull(),
    requestId: text(),
    detail: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    at: instant().notNull(),
  },
  (table) => [
    index('audit_log_by_time').on(table.at, table.id),
    check('audit_log_detail_json', sql`json_type(${table.detail}) = 'object'`),
  ],
);

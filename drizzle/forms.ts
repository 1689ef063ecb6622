import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant, stringList } from './columns.ts';

/** A form on a website. A publishable key is bound to one. */
export const forms = sqliteTable(
  'forms',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    allowedOrigins: stringList(),
    defaultSource: text(),
    defaultCategory: text(),
    active: integer({ mode: 'boolean' }).notNull().default(true),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    check('forms_name_length', sql`length(${table.name}) BETWEEN 1 AND 255`),
    check('forms_allowed_origins_json', sql`json_type(${table.allowedOrigins}) = 'array'`),
  ],
);

import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant, isOneOf } from './columns.ts';

/** Whether a sign-up counts at once, or once the person has confirmed it. */
export const optInKinds = ['single', 'double'] as const;

/** Whether people may find a list on their preferences page, or are only put on it. */
export const listVisibilities = ['public', 'private'] as const;

/** A newsletter that people sign up to. */
export const lists = sqliteTable(
  'lists',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    createdAt: instant().notNull(),
    optIn: text({ enum: optInKinds }).notNull().default('double'),
    visibility: text({ enum: listVisibilities }).notNull().default('public'),
    /** What the list is about, for the people on it. */
    description: text(),
    /** What people agree to when they sign up, and which version of these words it is. */
    consentText: text(),
    consentVersion: text(),
    /** SHA-256 of the words, for the ledger. */
    consentTextHash: text(),
    /** For how many days people who have left are kept; null: for ever. */
    retentionDays: integer(),
    updatedAt: instant().notNull().default(0),
    version: integer().notNull().default(1),
  },
  (table) => [
    check('lists_name_length', sql`length(${table.name}) BETWEEN 1 AND 255`),
    check('lists_opt_in', isOneOf(table.optIn, optInKinds)),
    check('lists_visibility', isOneOf(table.visibility, listVisibilities)),
    check('lists_retention_days', sql`${table.retentionDays} BETWEEN 1 AND 3650`),
    check('lists_version', sql`${table.version} >= 1`),
  ],
);

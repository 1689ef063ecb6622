import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant, isOneOf } from './columns.ts';

/** `dead`: given up, and kept until somebody looks. */
export const outboxStates = ['pending', 'done', 'dead'] as const;

/** What is to be sent, and what was. A row is written in the batch of what it tells of. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: text().primaryKey(),
    /** Who sends it: `lead_notification`. */
    topic: text().notNull(),
    /** What it tells of, by id. */
    resourceId: text().notNull(),
    payload: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    /** When it may be tried next. Whoever claims it moves that to the end of their lease. */
    dueAt: instant().notNull(),
    createdAt: instant().notNull(),
    state: text({ enum: outboxStates }).notNull().default('pending'),
    /** When it was done or given up. */
    endedAt: instant(),
    /** How often it was claimed. */
    attempts: integer().notNull().default(0),
    /** Of the last claim: who holds an older one may not finish it. */
    leaseToken: text(),
    /** A word for what went wrong last, never its text. */
    lastError: text(),
  },
  (table) => [
    index('outbox_by_due').on(table.state, table.dueAt, table.id),
    index('outbox_by_state').on(table.state, table.id),
    index('outbox_by_resource').on(table.resourceId),
    check('outbox_payload_json', sql`json_type(${table.payload}) = 'object'`),
    check('outbox_state', isOneOf(table.state, outboxStates)),
    check('outbox_ended', sql`(${table.state} = 'pending') = (${table.endedAt} IS NULL)`),
  ],
);

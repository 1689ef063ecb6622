import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant } from './columns.ts';

/** The answer that was given to a request with an `Idempotency-Key`, until it expires. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    /** The key that sent the request: two clients may choose the same word. */
    sender: text().notNull(),
    idempotencyKey: text().notNull(),
    /** SHA-256 of method, path and body: the same key with other content is a mistake. */
    fingerprint: text().notNull(),
    resourceId: text().notNull(),
    status: integer().$type<200 | 201 | 202>().notNull(),
    /** The JSON that was answered; null once it may not be shown again. */
    body: text(),
    expiresAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sender, table.idempotencyKey] }),
    index('idempotency_keys_by_expiry').on(table.expiresAt),
    index('idempotency_keys_by_resource').on(table.resourceId),
  ],
);

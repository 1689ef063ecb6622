import { sql } from 'drizzle-orm';
import { check, index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant, isOneOf, stringList } from './columns.ts';
import { forms } from './forms.ts';

const keyKinds = ['publishable', 'secret'] as const;
const keyModes = ['live', 'test'] as const;

/** An API key. The key itself is never stored, only its HMAC-SHA-256. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text().primaryKey(),
    kind: text({ enum: keyKinds }).notNull(),
    mode: text({ enum: keyModes }).notNull(),
    name: text().notNull(),
    hash: text().notNull().unique(),
    lastFour: text().notNull(),
    scopes: stringList(),
    origins: stringList(),
    formId: text().references(() => forms.id, { onDelete: 'restrict' }),
    /** Its own rate, `1000/1h`; null means the deployment's default. */
    rateLimit: text(),
    expiresAt: instant(),
    revokedAt: instant(),
    lastUsedAt: instant(),
    createdAt: instant().notNull(),
    createdBy: text().notNull(),
  },
  (table) => [
    index('api_keys_by_created').on(table.createdAt, table.id),
    check('api_keys_kind', isOneOf(table.kind, keyKinds)),
    check('api_keys_mode', isOneOf(table.mode, keyModes)),
    check('api_keys_hash_length', sql`length(${table.hash}) = 64`),
    check('api_keys_form', sql`(${table.kind} = 'publishable') = (${table.formId} IS NOT NULL)`),
    check('api_keys_scopes_json', sql`json_type(${table.scopes}) = 'array'`),
    check('api_keys_origins_json', sql`json_type(${table.origins}) = 'array'`),
  ],
);

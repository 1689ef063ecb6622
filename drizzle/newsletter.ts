import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant, isOneOf, stringList } from './columns.ts';
import { forms } from './forms.ts';
import { lists } from './lists.ts';

/** What a subscription can be. Only the person's own confirmation makes it active. */
export const subscriptionStates = [
  'pending',
  'active',
  'unsubscribed',
  'bounced',
  'complained',
] as const;

export type SubscriptionState = (typeof subscriptionStates)[number];

const consentActions = [
  'requested',
  'confirmed',
  'unsubscribed',
  'bounced',
  'complained',
  'imported',
] as const;

/** A person, known by one address, on any number of lists. */
export const subscribers = sqliteTable(
  'subscribers',
  {
    id: text().primaryKey(),
    email: text().notNull(),
    /** The address as one person: lower case, domain in punycode. Never shown. */
    emailKey: text().notNull().unique(),
    fullName: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    /** BCP 47; mails and pages are in it. Null: not known. */
    language: text(),
    tags: stringList(),
    /** What else is known of them, by name: texts, numbers and truth values. */
    attributes: text({ mode: 'json' })
      .$type<Record<string, string | number | boolean>>()
      .notNull()
      .default(sql`'{}'`),
    version: integer().notNull().default(1),
  },
  (table) => [
    check('subscribers_full_name_length', sql`length(${table.fullName}) <= 255`),
    check('subscribers_tags_json', sql`json_type(${table.tags}) = 'array'`),
    check('subscribers_attributes_json', sql`json_type(${table.attributes}) = 'object'`),
    check('subscribers_version', sql`${table.version} >= 1`),
  ],
);

/** The tags of subscribers, one by one, so that they can be searched. Triggers of 0006 keep them, and nobody else. */
export const subscriberTags = sqliteTable(
  'subscriber_tags',
  {
    tag: text().notNull(),
    subscriberId: text()
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.tag, table.subscriberId] }),
    index('subscriber_tags_by_subscriber').on(table.subscriberId),
  ],
);

/** One person on one list. */
export const subscriptions = sqliteTable(
  'subscriptions',
  {
    subscriberId: text()
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    listId: text()
      .notNull()
      .references(() => lists.id, { onDelete: 'restrict' }),
    state: text({ enum: subscriptionStates }).notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subscriberId, table.listId] }),
    index('subscriptions_by_list').on(table.listId, table.subscriberId),
    index('subscriptions_by_list_and_state').on(table.listId, table.state, table.subscriberId),
    index('subscriptions_by_state').on(table.state, table.subscriberId),
    index('subscriptions_by_state_and_update').on(table.state, table.updatedAt),
    check('subscriptions_state', isOneOf(table.state, subscriptionStates)),
  ],
);

/** The evidence of what a person agreed to. Rows are only ever added. */
export const consents = sqliteTable(
  'consents',
  {
    id: text().primaryKey(),
    subscriberId: text().references(() => subscribers.id, { onDelete: 'set null' }),
    listId: text()
      .notNull()
      .references(() => lists.id, { onDelete: 'restrict' }),
    action: text({ enum: consentActions }).notNull(),
    text: text(),
    textVersion: text(),
    page: text(),
    ipHash: text(),
    userAgent: text(),
    formId: text().references(() => forms.id, { onDelete: 'set null' }),
    actor: text().notNull(),
    at: instant().notNull(),
    /** The network that it came from: of IPv4 the first three bytes, of IPv6 the first 48 bits. */
    ipNetwork: text(),
    /** SHA-256 of the text, so that two can be told to be the same without reading them. */
    textHash: text(),
    /** The confirmation that it came of, or asked for. */
    confirmationId: text(),
    /** The person as a keyed hash: all that is left of them after an erasure. */
    subjectHash: text(),
  },
  (table) => [
    index('consents_by_subject').on(table.subjectHash, table.listId, table.at),
    index('consents_by_subscriber').on(table.subscriberId, table.at, table.id),
    index('consents_by_list').on(table.listId),
    index('consents_by_form').on(table.formId),
    check('consents_action', isOneOf(table.action, consentActions)),
  ],
);

/** A mail that asks a person to confirm. Its link holds a token of which only the hash is here. */
export const confirmations = sqliteTable(
  'confirmations',
  {
    id: text().primaryKey(),
    /** SHA-256 of the token. */
    tokenHash: text().notNull().unique(),
    subscriberId: text()
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    listId: text()
      .notNull()
      .references(() => lists.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    /** When it was pressed first; pressing it again changes nothing. */
    usedAt: instant(),
  },
  (table) => [
    index('confirmations_by_subscriber').on(table.subscriberId, table.createdAt),
    index('confirmations_by_expiry').on(table.expiresAt),
    index('confirmations_by_list').on(table.listId),
  ],
);

export const suppressionReasons = [
  'unsubscribed',
  'complained',
  'bounced',
  'erased',
  'blocked',
] as const;

/**
 * People who are not written to, whatever anybody imports: known by a keyed hash of their address alone, so that it
 * outlives the erasure of all else.
 */
export const suppressions = sqliteTable(
  'suppressions',
  {
    subjectHash: text().notNull(),
    /** The list that it is about; empty: all of them. It outlives its list. */
    listId: text().notNull().default(''),
    reason: text({ enum: suppressionReasons }).notNull(),
    actor: text().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subjectHash, table.listId, table.reason] }),
    index('suppressions_by_created').on(table.createdAt, table.subjectHash),
    check('suppressions_reason', isOneOf(table.reason, suppressionReasons)),
  ],
);

/** What becomes of a row of an import whose person is there already: they stay as they are, or get what is new. */
export const conflictPolicies = ['ignore', 'merge'] as const;

const importStates = ['open', 'done'] as const;

/** People who are brought in from elsewhere, some rows at a time. Holds no personal data. */
export const imports = sqliteTable(
  'imports',
  {
    id: text().primaryKey(),
    listId: text()
      .notNull()
      .references(() => lists.id, { onDelete: 'cascade' }),
    /** What tells this file from another one, where the sender has said: an import that broke off goes on by it. */
    fingerprint: text(),
    onConflict: text({ enum: conflictPolicies }).notNull(),
    /** Where the sender has their consent from, in words. */
    consent: text(),
    state: text({ enum: importStates }).notNull().default('open'),
    /** How many rows there are in all, where the sender has said. */
    rowsTotal: integer(),
    /** How many have been taken, whatever became of them: the next batch begins here. */
    rowsDone: integer().notNull().default(0),
    added: integer().notNull().default(0),
    changed: integer().notNull().default(0),
    unchanged: integer().notNull().default(0),
    suppressed: integer().notNull().default(0),
    invalid: integer().notNull().default(0),
    actor: text().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    index('imports_by_list').on(table.listId),
    index('imports_by_fingerprint').on(table.fingerprint),
    check('imports_on_conflict', isOneOf(table.onConflict, conflictPolicies)),
    check('imports_state', isOneOf(table.state, importStates)),
    check(
      'imports_counts',
      sql`${table.rowsDone} = ${table.added} + ${table.changed} + ${table.unchanged} + ${table.suppressed} + ${table.invalid}`,
    ),
  ],
);

/** What was removed of a person who asked to be forgotten: counts alone, and the hash that the receipt is about. */
export const erasures = sqliteTable(
  'erasures',
  {
    id: text().primaryKey(),
    subjectHash: text().notNull(),
    counts: text({ mode: 'json' }).$type<Record<string, number>>().notNull(),
    actor: text().notNull(),
    requestId: text(),
    at: instant().notNull(),
  },
  (table) => [
    index('erasures_by_subject').on(table.subjectHash),
    check('erasures_counts_json', sql`json_type(${table.counts}) = 'object'`),
  ],
);

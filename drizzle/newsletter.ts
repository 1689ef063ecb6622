import { sql } from 'drizzle-orm';
import { check, index, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant, isOneOf } from './columns.ts';
import { forms } from './forms.ts';

/** What a subscription can be. Only the person's own confirmation makes it active. */
export const subscriptionStates = [
  'pending',
  'active',
  'unsubscribed',
  'bounced',
  'complained',
] as const;

const consentActions = [
  'requested',
  'confirmed',
  'unsubscribed',
  'bounced',
  'complained',
  'imported',
] as const;

/** A newsletter that people sign up to. */
export const lists = sqliteTable(
  'lists',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [check('lists_name_length', sql`length(${table.name}) BETWEEN 1 AND 255`)],
);

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
  },
  (table) => [check('subscribers_full_name_length', sql`length(${table.fullName}) <= 255`)],
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
  },
  (table) => [
    index('consents_by_subscriber').on(table.subscriberId, table.at, table.id),
    check('consents_action', isOneOf(table.action, consentActions)),
  ],
);

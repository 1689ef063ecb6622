import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { instant, isOneOf, leadStatuses, stringList } from './columns.ts';
import { lists } from './lists.ts';

/** The services that tell people from programs. */
export const captchaProviders = ['turnstile', 'hcaptcha', 'recaptcha'] as const;

/** What becomes of an entry from a person whose lead is still open: an event on that lead, or a lead of its own. */
export const repeatPolicies = ['touch', 'new'] as const;

/** What becomes of an entry with a throw-away address. */
export const disposablePolicies = ['accept', 'flag', 'refuse'] as const;

/** What comes of an entry: a lead, or a sign-up. */
export const formKinds = ['lead', 'newsletter'] as const;

/** Kinds of file that a form may take. */
export const fileKinds = ['image', 'document', 'avatar'] as const;

/** How a form tells people from programs, and what it does while the provider is away. */
export type CaptchaPolicy = {
  provider: (typeof captchaProviders)[number];
  site_key: string;
  /** Turnstile's action, which has to be that of the widget; null where the widget names none. */
  action: string | null;
  on_outage: 'accept' | 'refuse';
};

/** The files that a form takes. Sizes are bytes; `max_bytes` is that of one file. */
export type UploadPolicy = {
  max_files: number;
  max_bytes: number;
  kinds: (typeof fileKinds)[number][];
};

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
    defaultStatus: text({ enum: leadStatuses }).notNull().default('new'),
    /** What visitors read on our pages; null means the form's name. */
    siteName: text(),
    /** The accent of our pages, `#1a2b3c`. */
    color: text(),
    redirectUrl: text(),
    errorUrl: text(),
    captcha: text({ mode: 'json' }).$type<CaptchaPolicy>(),
    notifyEmails: stringList(),
    uploads: text({ mode: 'json' }).$type<UploadPolicy>(),
    /** How often one visitor may send, `10/1h`; null means the deployment's default. */
    rateLimit: text(),
    repeatContacts: text({ enum: repeatPolicies }).notNull().default('touch'),
    disposableEmails: text({ enum: disposablePolicies }).notNull().default('flag'),
    retentionDays: integer(),
    /** What comes of an entry. */
    kind: text({ enum: formKinds }).notNull().default('lead'),
    /** The list that a form of kind `newsletter` signs people up to. */
    listId: text().references(() => lists.id, { onDelete: 'restrict' }),
    version: integer().notNull().default(1),
  },
  (table) => [
    index('forms_by_created').on(table.createdAt, table.id),
    index('forms_by_active').on(table.active, table.createdAt, table.id),
    index('forms_by_list').on(table.listId),
    check('forms_name_length', sql`length(${table.name}) BETWEEN 1 AND 255`),
    check('forms_allowed_origins_json', sql`json_type(${table.allowedOrigins}) = 'array'`),
    check('forms_default_status', isOneOf(table.defaultStatus, leadStatuses)),
    check('forms_captcha_json', sql`json_type(${table.captcha}) = 'object'`),
    check('forms_notify_emails_json', sql`json_type(${table.notifyEmails}) = 'array'`),
    check('forms_uploads_json', sql`json_type(${table.uploads}) = 'object'`),
    check('forms_repeat_contacts', isOneOf(table.repeatContacts, repeatPolicies)),
    check('forms_disposable_emails', isOneOf(table.disposableEmails, disposablePolicies)),
    check('forms_retention_days', sql`${table.retentionDays} BETWEEN 1 AND 3650`),
    check('forms_kind', isOneOf(table.kind, formKinds)),
    check('forms_version', sql`${table.version} >= 1`),
  ],
);

/** The addresses at which a form takes entries, `/f/{address}`: the present one, and older ones for a while. */
export const formAddresses = sqliteTable(
  'form_addresses',
  {
    address: text().primaryKey(),
    formId: text()
      .notNull()
      .references(() => forms.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull(),
    /** When it stops working; null for the present one. */
    retiresAt: instant(),
  },
  (table) => [
    index('form_addresses_by_form').on(table.formId, table.createdAt),
    uniqueIndex('form_addresses_present')
      .on(table.formId)
      .where(sql`retires_at IS NULL`),
  ],
);

import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
  type AnySQLiteColumn,
} from 'drizzle-orm/sqlite-core';
import { instant, isOneOf, leadStatuses, stringList } from './columns.ts';
import { forms } from './forms.ts';

const leadEventTypes = ['created', 'updated', 'touched', 'deleted'] as const;
/** What became of something that was sent: a lead came of it, or it is in the spam folder. */
export const verdicts = ['accepted', 'flagged'] as const;
export type SubmissionVerdict = (typeof verdicts)[number];

/** Why an entry is in the spam folder; `captcha_unverified` and `repeated_content` also stand at some that are not. */
export const flagReasons = [
  'honeypot',
  'automated',
  'too_fast',
  'stale_stamp',
  'forged_stamp',
  'reused_stamp',
  'links',
  'markup',
  'disposable_email',
  'repeated_content',
  'captcha_score',
  'captcha_unverified',
] as const;

export type FlagReason = (typeof flagReasons)[number];

/** Where a visitor came from: UTM parameters, click ids, the page and its referrer. */
export type Attribution = Record<string, string>;

/** A person who asked to be contacted. */
export const leads = sqliteTable(
  'leads',
  {
    /**
     * Only the search index uses it: it needs a rowid that VACUUM keeps. A migration that rebuilds this table has to
     * make the triggers of 0001 again.
     */
    seq: integer().primaryKey(),
    id: text().notNull().unique(),
    fullName: text().notNull(),
    position: text(),
    companyName: text(),
    phoneNumber: text(),
    email: text(),
    /** The address as one person: lower case, domain in punycode. Never shown. */
    emailKey: text(),
    source: text(),
    status: text({ enum: leadStatuses }).notNull().default('new'),
    category: text(),
    notes: text(),
    attribution: text({ mode: 'json' })
      .$type<Attribution>()
      .notNull()
      .default(sql`'{}'`),
    formId: text().references(() => forms.id, { onDelete: 'set null' }),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [
    index('leads_by_created').on(table.createdAt, table.id),
    index('leads_by_updated').on(table.updatedAt, table.id),
    index('leads_by_status').on(table.status, table.createdAt, table.id),
    index('leads_by_category').on(table.category, table.createdAt, table.id),
    index('leads_by_source').on(table.source, table.createdAt, table.id),
    index('leads_by_form').on(table.formId, table.createdAt, table.id),
    index('leads_by_email').on(table.emailKey),
    check('leads_full_name_length', sql`length(${table.fullName}) BETWEEN 2 AND 255`),
    check('leads_notes_length', sql`length(${table.notes}) <= 5000`),
    check(
      'leads_email_or_phone',
      sql`${table.email} IS NOT NULL OR ${table.phoneNumber} IS NOT NULL`,
    ),
    check('leads_email_key', sql`(${table.email} IS NULL) = (${table.emailKey} IS NULL)`),
    check('leads_status', isOneOf(table.status, leadStatuses)),
    check('leads_attribution_json', sql`json_type(${table.attribution}) = 'object'`),
    check('leads_version', sql`${table.version} >= 1`),
  ],
);

/** What happened to a lead, oldest first. Rows are only ever added. */
export const leadEvents = sqliteTable(
  'lead_events',
  {
    id: text().primaryKey(),
    leadId: text()
      .notNull()
      .references(() => leads.id, { onDelete: 'cascade' }),
    type: text({ enum: leadEventTypes }).notNull(),
    /** The lead's version after this event. Unique, so that two writers cannot both make it. */
    version: integer(),
    actor: text().notNull(),
    /** For an update: each changed field with its value before and after. */
    changes: text({ mode: 'json' }).$type<Record<string, [unknown, unknown]>>(),
    at: instant().notNull(),
    /** The submission that the event came of, where there was one. */
    submissionId: text().references((): AnySQLiteColumn => submissions.id, {
      onDelete: 'set null',
    }),
  },
  (table) => [
    uniqueIndex('lead_events_version').on(table.leadId, table.version),
    index('lead_events_by_lead').on(table.leadId, table.at, table.id),
    index('lead_events_by_submission').on(table.submissionId),
    check('lead_events_type', isOneOf(table.type, leadEventTypes)),
    check(
      'lead_events_changes_json',
      sql`${table.changes} IS NULL OR json_valid(${table.changes})`,
    ),
  ],
);

/** What was sent to us, as it was sent, and what we made of it. */
export const submissions = sqliteTable(
  'submissions',
  {
    id: text().primaryKey(),
    formId: text().references(() => forms.id, { onDelete: 'set null' }),
    leadId: text().references(() => leads.id, { onDelete: 'cascade' }),
    payload: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    verdict: text({ enum: verdicts }).notNull(),
    reasons: stringList(),
    ipHash: text(),
    userAgent: text(),
    createdAt: instant().notNull(),
    attribution: text({ mode: 'json' })
      .$type<Attribution>()
      .notNull()
      .default(sql`'{}'`),
    /** The key with which a person turned the verdict around, and when; null while it stands as it was made. */
    reviewedBy: text(),
    reviewedAt: instant(),
  },
  (table) => [
    index('submissions_by_lead').on(table.leadId),
    index('submissions_by_form').on(table.formId, table.createdAt, table.id),
    index('submissions_by_created').on(table.createdAt, table.id),
    index('submissions_by_verdict').on(table.verdict, table.createdAt, table.id),
    check('submissions_verdict', isOneOf(table.verdict, verdicts)),
    check('submissions_payload_json', sql`json_type(${table.payload}) = 'object'`),
    check('submissions_reasons_json', sql`json_type(${table.reasons}) = 'array'`),
  ],
);

/** The reasons of submissions, one by one, so that they can be searched. Triggers of 0003 keep them, and nobody else. */
export const submissionReasons = sqliteTable(
  'submission_reasons',
  {
    reason: text().notNull(),
    createdAt: instant().notNull(),
    submissionId: text()
      .notNull()
      .references(() => submissions.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.reason, table.createdAt, table.submissionId] }),
    index('submission_reasons_by_submission').on(table.submissionId),
  ],
);

/** Texts of a table in which an address may stand. */
export type Place = {
  table: string;
  columns: string[];
  /** What a row belongs to: those of what is the person's own go as a whole, and are not searched. */
  of?: string;
  /** Its id, where that is not in `id`. */
  id?: string;
  /** Which rows are what a form sent, and the person's own where a lead of it would have the address. */
  ownIf?: string;
  /** Whether its rows have versions, which whoever changes them goes by. */
  versioned?: true;
};

/**
 * Every text that somebody else writes: visitors, operators, other systems. The other columns hold ids, hashes and words
 * of ours; test/api/subjects.test.ts names each of them, and fails for one that stands in neither list.
 */
export const places: Place[] = [
  {
    table: 'leads',
    columns: [
      ...['full_name', 'position', 'company_name', 'source', 'category', 'notes', 'attribution'],
    ],
    of: 'id',
    versioned: true,
  },
  { table: 'lead_events', columns: ['changes'], of: 'lead_id' },
  {
    table: 'submissions',
    columns: ['payload', 'attribution', 'user_agent'],
    of: 'id',
    // What a lead came of is what that lead is: its person's.
    ownIf: 'lead_id IS NULL',
  },
  { table: 'files', columns: ['field', 'filename'], of: 'submission_id' },
  {
    table: 'subscribers',
    columns: ['full_name', 'language', 'tags', 'attributes'],
    of: 'id',
    versioned: true,
  },
  { table: 'consents', columns: ['text', 'text_version'] },
  { table: 'consents', columns: ['page', 'user_agent'], of: 'subscriber_id' },
  { table: 'imports', columns: ['fingerprint', 'consent'] },
  {
    table: 'lists',
    columns: ['name', 'description', 'consent_text', 'consent_version'],
    versioned: true,
  },
  {
    table: 'forms',
    columns: [
      ...['name', 'default_source', 'default_category', 'site_name', 'redirect_url', 'error_url'],
      ...['notify_emails', 'captcha'],
    ],
    versioned: true,
  },
  { table: 'api_keys', columns: ['name'] },
  { table: 'outbox', columns: ['payload'], of: 'resource_id' },
  { table: 'idempotency_keys', columns: ['idempotency_key'], id: 'resource_id' },
  { table: 'idempotency_keys', columns: ['body'], of: 'resource_id', id: 'resource_id' },
  { table: 'audit_log', columns: ['detail'] },
];

/** The columns that hold JSON, in whatever table. */
export const jsonColumns = new Set([
  ...['attribution', 'changes', 'payload', 'tags', 'attributes', 'notify_emails', 'captcha'],
  ...['body', 'detail', 'reasons', 'counts'],
]);

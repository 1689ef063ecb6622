import { eq, sql, type SQL } from 'drizzle-orm';
import { imports } from '../../drizzle/newsletter.ts';
import { mostAttributeBytes, mostOfEach } from '../subscribers/profile.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** An import as it is stored. */
export type Import = typeof imports.$inferSelect;

/** A person of some rows, as SQL takes them apart: see {@link stepsTo}. */
export type PersonTuple = [
  emailKey: string,
  email: string,
  fullName: string | null,
  language: string | null,
  tags: string[],
  attributes: Record<string, string | number | boolean>,
  /** The first is kept, all are looked for. */
  subjectHashes: string[],
  /** How many of the rows are about them. */
  rows: number,
  subscriberId: string,
  consentId: string,
];

/** People to bring to a list, each of them once. */
export type Arrivals = Pick<Import, 'listId' | 'onConflict'> & { people: PersonTuple[] };

/** A batch of rows, and the evidence for the people in it. */
export type Batch = Arrivals & {
  importId: string;
  rows: number;
  invalid: number;
  consent: { text: string | null; textHash: string; actor: string; at: number };
};

/** The import that this one would go on with: open, and the same in all that its sender has said. */
export function isSameOpen(like: Import): SQL {
  return sql`fingerprint = ${like.fingerprint} AND list_id = ${like.listId}
    AND on_conflict = ${like.onConflict} AND consent = ${like.consent} AND state = 'open'`;
}

/** Begins an import. The batch fails with `not_null` where there is one to go on with. */
export function insertImport(orm: Orm, row: Import): Statement {
  const other = sql`EXISTS (SELECT 1 FROM imports WHERE ${isSameOpen(row)} AND id <> ${row.id})`;
  const state = sql`CASE WHEN NOT ${other} THEN 'open' END`;
  return orm
    .insert(imports)
    .values({ ...row, state })
    .onConflictDoNothing({ target: imports.id });
}

/** Whether an import goes on at this row. */
export function isAt(importId: string, from: number): SQL {
  return sql`EXISTS (SELECT 1 FROM imports WHERE id = ${importId} AND rows_done = ${from} AND state = 'open')`;
}

/**
 * The people of a batch, as `judged`: `known` is who is there already. Suppressed is also who has left the list: an
 * import takes nobody back. What would be too much for one subscriber stays out.
 */
function stepsTo({ people, listId }: Arrivals, merges: boolean): SQL {
  // Parsing JSON is what takes long: each text is parsed once.
  const merged = sql`, json_patch(s.attributes, g.attributes) AS patched,
    (SELECT json_group_array(value) FROM (SELECT value FROM (
      SELECT key AS nth, value FROM json_each(s.tags) UNION ALL SELECT ${mostOfEach} + key, value FROM json_each(g.tags))
      GROUP BY value ORDER BY min(nth) LIMIT ${mostOfEach})) AS all_tags`;
  const fitting = sql`octet_length(patched) <= ${mostAttributeBytes}
    AND (SELECT count(*) FROM json_each(patched)) <= ${mostOfEach}`;
  const isNew = sql`known IS NOT NULL AND (
    (old_name IS NULL AND full_name IS NOT NULL) OR (old_language IS NULL AND language IS NOT NULL)
    OR json_array_length(all_tags) > json_array_length(old_tags) OR all_attributes <> old_attributes)`;
  return sql`WITH given AS MATERIALIZED (
      SELECT value ->> 0 AS email_key, value ->> 1 AS email, value ->> 2 AS full_name, value ->> 3 AS language,
        value -> 4 AS tags, value -> 5 AS attributes, value -> 6 AS hashes, value ->> 7 AS times,
        value ->> 8 AS subscriber_id, value ->> 9 AS consent_id
      FROM json_each(${JSON.stringify(people)})
    ), found AS MATERIALIZED (
      SELECT g.*, s.id AS known, s.full_name AS old_name, s.language AS old_language, s.tags AS old_tags,
        s.attributes AS old_attributes,
        EXISTS (SELECT 1 FROM subscriptions WHERE subscriber_id = s.id AND list_id = ${listId}) AS listed,
        EXISTS (SELECT 1 FROM json_each(g.hashes) AS h JOIN suppressions AS x ON x.subject_hash = h.value
          AND x.list_id IN ('', ${listId})) AS suppressed
        ${merges ? merged : sql``}
      FROM given AS g LEFT JOIN subscribers AS s ON s.email_key = g.email_key
    ), merged AS MATERIALIZED (
      SELECT *${merges ? sql`, iif(${fitting}, patched, old_attributes) AS all_attributes` : sql``} FROM found
    ), judged AS (SELECT *, ${merges ? isNew : sql`false`} AS is_new FROM merged)`;
}

/** Counts what becomes of people: of who comes several times, the rows after the first change nothing. */
export function tally(arrivals: Arrivals): SQL {
  return sql`${stepsTo(arrivals, arrivals.onConflict === 'merge')} SELECT
    count(*) FILTER (WHERE NOT suppressed AND known IS NULL) AS added,
    count(*) FILTER (WHERE NOT suppressed AND known IS NOT NULL AND (is_new OR NOT listed)) AS changed,
    coalesce(sum(times - (is_new OR NOT listed)) FILTER (WHERE NOT suppressed), 0) AS unchanged,
    coalesce(sum(times) FILTER (WHERE suppressed), 0) AS suppressed FROM judged`;
}

/** Takes a batch of rows: a handful of statements, however many there are. */
export function takeBatch(orm: Orm, batch: Batch): Statement[] {
  const { importId, people, listId, onConflict, consent } = batch;
  const { text, textHash, actor, at } = consent;
  const merges = onConflict === 'merge';
  const steps = stepsTo(batch, false);
  const consentIds = JSON.stringify(people.map((person) => person.at(-1)));
  return [
    orm.run(sql`UPDATE imports SET rows_done = rows_done + ${batch.rows}, invalid = invalid + ${batch.invalid},
        added = imports.added + t.added, changed = imports.changed + t.changed,
        unchanged = imports.unchanged + t.unchanged, suppressed = imports.suppressed + t.suppressed,
        updated_at = ${at}
      FROM (${tally(batch)}) AS t WHERE id = ${importId}`),
    ...(merges
      ? [
          orm.run(sql`${stepsTo(batch, merges)} UPDATE subscribers SET full_name = coalesce(old_name, judged.full_name),
              language = coalesce(old_language, judged.language), tags = all_tags, attributes = all_attributes,
              updated_at = ${at}, version = version + 1
            FROM judged WHERE id = known AND is_new AND NOT suppressed`),
        ]
      : []),
    orm.run(sql`${steps} INSERT INTO subscribers (id, email, email_key, full_name, language, tags, attributes,
        created_at, updated_at)
      SELECT subscriber_id, email, email_key, full_name, language, tags, attributes, ${at}, ${at}
      FROM judged WHERE known IS NULL AND NOT suppressed`),
    orm.run(sql`${steps} INSERT INTO consents (id, subscriber_id, list_id, action, text, text_hash, actor, at,
        subject_hash)
      SELECT consent_id, known, ${listId}, 'imported', ${text}, ${textHash}, ${actor}, ${at}, hashes ->> 0
      FROM judged WHERE NOT suppressed AND NOT listed`),
    // Each subscription has its evidence.
    orm.run(sql`INSERT INTO subscriptions (subscriber_id, list_id, state, created_at, updated_at)
      SELECT subscriber_id, list_id, 'active', at, at
      FROM consents WHERE id IN (SELECT value FROM json_each(${consentIds}))`),
  ];
}

/** Ends an import. */
export function endImport(orm: Orm, id: string, at: number): Statement {
  return orm.update(imports).set({ state: 'done', updatedAt: at }).where(eq(imports.id, id));
}

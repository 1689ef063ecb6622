import { desc, inArray, lt, sql, type SQL } from 'drizzle-orm';
import { erasures } from '../../drizzle/newsletter.ts';
import type { Needles } from '../lib/address-in-text.ts';
import type { Orm } from '../platform/database.ts';
import { places, type Place } from './places.ts';
import {
  mostInBatch,
  ownConfirmations,
  ownIds,
  ownLeads,
  ownSubmissions,
  ownSubscriber,
} from './statements.ts';
import type { Subject } from './subject-of.ts';

export type Erasure = typeof erasures.$inferSelect;

/** A row of some kind, by the names that its columns have in the database. */
export type RawRow = Record<string, unknown> & { rowid: number };

/** A row in which the address may stand, with its texts by column. */
export type Candidate = { place: number; row: number; id: string; own: number; texts: string };

/** How many rows of each place one query looks at. */
const lookedAt = 10_000;

/** What is kept of a person, all of it or of so many leads: for each kind, the rest of a query for its rows. */
export function kindsOf(subject: Subject, mostLeads = -1): [kind: string, rows: SQL][] {
  const { key, hashes } = subject;
  const [leads, submissions] = [ownLeads(key, mostLeads), ownSubmissions(subject, mostLeads)];
  const [subscriber, all] = [ownSubscriber(key), ownIds(subject, mostLeads)];
  return [
    ['leads', sql`leads WHERE id IN ${leads}`],
    ['lead_events', sql`lead_events WHERE lead_id IN ${leads}`],
    ['submissions', sql`submissions WHERE id IN ${submissions}`],
    ['files', sql`files WHERE submission_id IN ${submissions}`],
    ['subscribers', sql`subscribers WHERE email_key = ${key}`],
    ['subscriptions', sql`subscriptions WHERE subscriber_id IN ${subscriber}`],
    ['confirmations', sql`confirmations WHERE id IN ${ownConfirmations(key)}`],
    [
      'consents',
      sql`consents WHERE (subscriber_id IN ${subscriber} OR ${inArray(sql`subject_hash`, hashes)})`,
    ],
    ['outbox', sql`outbox WHERE resource_id IN ${all}`],
    ['idempotency_keys', sql`idempotency_keys WHERE resource_id IN ${all}`],
    ['suppressions', sql`suppressions WHERE ${inArray(sql`subject_hash`, hashes)}`],
    ['erasures', sql`erasures WHERE ${inArray(sql`subject_hash`, hashes)}`],
  ];
}

/** What is left of a kind once the person is erased. */
const isEmptied: Record<string, SQL> = {
  consents: sql`coalesce(subscriber_id, ip_hash, ip_network, user_agent, page) IS NULL`,
  idempotency_keys: sql`body IS NULL AND idempotency_key NOT LIKE 'same %'`,
};

/** How much of each kind the next batch of an erasure has to do with. */
export function countKinds(
  orm: Orm,
  subject: Subject,
): PromiseLike<{ kind: string; count: number }[]> {
  const counts = kindsOf(subject, mostInBatch)
    .filter(([kind]) => kind !== 'suppressions' && kind !== 'erasures')
    .map(([kind, rows]) => {
      const emptied = isEmptied[kind];
      const rest = emptied === undefined ? sql`` : sql` AND NOT (${emptied})`;
      return sql`SELECT ${kind} AS kind, count(*) AS count FROM ${rows}${rest}`;
    });
  return orm.all(sql.join(counts, sql` UNION ALL `));
}

/** Rows of a kind, after a row, as they are. */
export function selectKind(
  orm: Orm,
  rows: SQL,
  after: number,
  count: number,
): PromiseLike<RawRow[]> {
  return orm.all(
    sql`SELECT rowid AS rowid, * FROM ${rows} AND rowid > ${after} ORDER BY rowid LIMIT ${count}`,
  );
}

/** The last row of each place. */
export function selectEnds(orm: Orm): PromiseLike<{ place: number; end: number | null }[]> {
  const ends = places.map(
    ({ table }, place) =>
      sql`SELECT ${place} AS place, max(rowid) AS "end" FROM ${sql.identifier(table)}`,
  );
  return orm.all(sql.join(ends, sql` UNION ALL `));
}

/**
 * Up to `most` rows that may hold the address, of each place after the row in `after`; null for those that are at their
 * end. There is no index for what stands within a text, so some rows are looked at in each query.
 */
export function selectCandidates(
  orm: Orm,
  subject: Subject,
  needles: Needles,
  after: (number | null)[],
  most: number,
): PromiseLike<Candidate[]> {
  const searches = places.flatMap((place, index) => {
    const from = after[index] ?? null;
    return from === null ? [] : [searchOf(place, index, from, needles, most)];
  });
  return orm.all(
    sql`WITH own AS MATERIALIZED ${ownIds(subject)} ${sql.join(searches, sql` UNION ALL `)}`,
  );
}

function searchOf(place: Place, index: number, after: number, needles: Needles, most: number): SQL {
  const names = place.columns.map((column) => sql.identifier(column));
  const text = sql`lower(${sql.join(
    names.map((name) => sql`coalesce(${name}, '')`),
    sql` || ' ' || `,
  )})`;
  const texts = place.columns.map((column) => sql`${column}, ${sql.identifier(column)}`);
  const notOwn =
    place.of === undefined
      ? sql``
      : sql` AND coalesce(${sql.identifier(place.of)}, '') NOT IN (SELECT id FROM own)`;
  return sql`SELECT * FROM (SELECT ${index} AS place, rowid AS row, ${sql.identifier(place.id ?? 'id')} AS id,
      ${sql.raw(place.ownIf ?? '0')} AS own, json_object(${sql.join(texts, sql`, `)}) AS texts
    FROM ${sql.identifier(place.table)}
    WHERE rowid > ${after} AND rowid <= ${after + lookedAt} AND ${mayHold(text, needles)}${notOwn}
    ORDER BY rowid LIMIT ${most})`;
}

/** What few texts hold comes first: each look goes through the whole text. */
function mayHold(text: SQL, { word, withSign, withDomain }: Needles): SQL {
  const holds = (needle: string) => sql`instr(${text}, ${needle})`;
  const holdsOne = (needles: string[]) => sql.join(needles.map(holds), sql` OR `);
  return sql`${holds(word)} AND (${holdsOne(withSign)})
    AND (${holdsOne(withDomain)} OR ${holds('%ef%b')} OR ${text} GLOB '*[！-～]*')`;
}

/** After which row the next search of a place begins, by what this one has found, where it returned up to `most`. */
export function nextAfter(after: number, found: Candidate[], most: number): number {
  const last = found.at(-1);
  return found.length === most && last !== undefined ? last.row : after + lookedAt;
}

/** The receipts of erasures, newest first, before an id. */
export function selectErasures(
  orm: Orm,
  beforeId: string | null,
  count: number,
): PromiseLike<Erasure[]> {
  return orm
    .select()
    .from(erasures)
    .where(beforeId === null ? undefined : lt(erasures.id, beforeId))
    .orderBy(desc(erasures.id))
    .limit(count);
}

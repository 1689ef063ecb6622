import { sql, type SQL } from 'drizzle-orm';
import { erasures, suppressions } from '../../drizzle/newsletter.ts';
import { eraseAnswers } from '../idempotency/statements.ts';
import { erasedMark } from '../lib/address-in-text.ts';
import { eraseLeads } from '../leads/statements.ts';
import { dropNotices } from '../outbox/statements.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { eraseSubmissions } from '../submissions/statements.ts';
import type { Place } from './places.ts';
import type { Subject } from './subject-of.ts';

/** A row whose texts hold the address, and what takes their place. */
export type Mention = {
  place: Place;
  row: number;
  id: string;
  edits: { column: string; before: string; after: string }[];
};

/** So many leads, or texts, are removed in one batch: more of them could hold up others, and come to no end in time. */
export const mostInBatch = 200;

/** So much of texts that change, each of which is sent twice: an isolate has to hold them. */
export const mostCharacters = 2_000_000;

/** Of a person's leads, those that the next batch removes. */
export function ownLeads(key: string, most = -1): SQL {
  return sql`(SELECT id FROM leads WHERE email_key = ${key} ORDER BY rowid LIMIT ${most})`;
}

/** All that was sent of a person's leads, and what else is known to be theirs. */
export function ownSubmissions({ key, submissionIds }: Subject, mostLeads = -1): SQL {
  return sql`(SELECT id FROM submissions WHERE lead_id IN ${ownLeads(key, mostLeads)}
    UNION ALL SELECT value FROM json_each(${JSON.stringify(submissionIds)}))`;
}

export function ownSubscriber(key: string): SQL {
  return sql`(SELECT id FROM subscribers WHERE email_key = ${key})`;
}

export function ownConfirmations(key: string): SQL {
  return sql`(SELECT id FROM confirmations WHERE subscriber_id IN ${ownSubscriber(key)})`;
}

/** Whatever something else may be about. */
export function ownIds(subject: Subject, mostLeads = -1): SQL {
  const { key } = subject;
  return sql`(SELECT id FROM ${ownLeads(key, mostLeads)} UNION ALL SELECT id FROM ${ownSubmissions(subject, mostLeads)}
    UNION ALL SELECT id FROM ${ownSubscriber(key)} UNION ALL SELECT id FROM ${ownConfirmations(key)})`;
}

/**
 * The statements that erase a person: all that is theirs goes, but for what shows that they had agreed, and that they
 * may not be written to, which from now on a hash alone ties together. A repeat of them changes nothing.
 */
export function eraseOwn(
  orm: Orm,
  subject: Subject,
  by: { actor: string; at: number },
): Statement[] {
  const { key, hashes } = subject;
  const [hash] = hashes;
  const submissions = ownSubmissions(subject, mostInBatch);
  const confirmations = ownConfirmations(key);
  const suppression = {
    ...{ subjectHash: hash, listId: '', reason: 'erased' as const },
    ...{ actor: by.actor, createdAt: by.at },
  };
  return [
    // The cron needs the rows of those whose bytes it has to remove.
    orm.run(sql`DELETE FROM files WHERE stored = 0 AND submission_id IN ${submissions}`),
    orm.run(sql`UPDATE files SET submission_id = NULL, field = ${erasedMark}, filename = ${erasedMark}
      WHERE submission_id IN ${submissions}`),
    // A page may hold the address, and the rest tells of a person: it is theirs, not the evidence.
    orm.run(sql`UPDATE consents SET subject_hash = ${hash}, subscriber_id = NULL,
        ip_hash = NULL, ip_network = NULL, user_agent = NULL, page = NULL
      WHERE subscriber_id IN ${ownSubscriber(key)}
        OR subject_hash IN (SELECT value FROM json_each(${JSON.stringify(hashes)}))`),
    ...eraseLeads(orm, ownLeads(key, mostInBatch)),
    ...eraseSubmissions(orm, subject.submissionIds),
    ...eraseAnswers(orm, ownSubscriber(key)),
    ...eraseAnswers(orm, confirmations),
    dropNotices(orm, confirmations),
    orm.run(sql`DELETE FROM subscribers WHERE email_key = ${key}`),
    orm.insert(suppressions).values(suppression).onConflictDoNothing(),
  ];
}

/**
 * Puts other texts in the place of those that held the address, where nobody has changed them since. A word that was used
 * for an Idempotency-Key may come out as another one's: then one of them is enough.
 */
export function editRow(orm: Orm, { place, row, edits }: Mention): Statement {
  const texts = edits.map(({ column, after }) => sql`${sql.identifier(column)} = ${after}`);
  const raised = place.versioned === true ? [sql`version = version + 1`] : [];
  const same = edits.map(({ column, before }) => sql` AND ${sql.identifier(column)} = ${before}`);
  return orm.run(sql`UPDATE OR REPLACE ${sql.identifier(place.table)}
    SET ${sql.join([...texts, ...raised], sql`, `)} WHERE rowid = ${row}${sql.join(same)}`);
}

/** Keeps the receipt of an erasure. */
export function insertErasure(orm: Orm, erasure: typeof erasures.$inferSelect): Statement {
  return orm.insert(erasures).values(erasure).onConflictDoNothing({ target: erasures.id });
}

import { sql } from 'drizzle-orm';
import { recordAct, type Act } from '../audit/statements.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** A person who is not to be written to any more, by what came of a mail. */
export type PersonToSuppress = {
  emailKey: string;
  subjectHash: string;
  reason: 'bounced' | 'complained';
  /** What the id of each row of the ledger begins with; what is random in its list's id makes it whole. */
  consentId: string;
  /** Its id stands for the event: with it, the same one changes nothing again. */
  act: Act;
};

/** Which subscriptions end. Who has left has left, and a complaint goes beyond a bounce. */
const ending = {
  bounced: sql`('pending', 'active')`,
  complained: sql`('pending', 'active', 'bounced')`,
};

/** Ends the subscriptions of a person with evidence of each, and keeps them from being written to on any list. */
export function suppressPerson(orm: Orm, person: PersonToSuppress): Statement[] {
  const { emailKey, subjectHash, reason, consentId, act } = person;
  const isNew = sql`NOT EXISTS (SELECT 1 FROM audit_log WHERE id = ${act.id})`;
  const ends = sql`subscriber_id = (SELECT id FROM subscribers WHERE email_key = ${emailKey})
    AND state IN ${ending[reason]} AND ${isNew}`;
  return [
    orm.run(sql`INSERT INTO consents (id, subscriber_id, list_id, action, actor, at, subject_hash)
      SELECT ${consentId} || substr(list_id, -16), subscriber_id, list_id, ${reason}, ${act.actor}, ${act.at}, ${subjectHash}
      FROM subscriptions WHERE ${ends} ON CONFLICT DO NOTHING`),
    orm.run(sql`UPDATE subscriptions SET state = ${reason}, updated_at = ${act.at} WHERE ${ends}`),
    orm.run(sql`INSERT INTO suppressions (subject_hash, list_id, reason, actor, created_at)
      SELECT ${subjectHash}, '', ${reason}, ${act.actor}, ${act.at} WHERE ${isNew} ON CONFLICT DO NOTHING`),
    recordAct(orm, act),
  ];
}

import {
  and,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  notExists,
  sql,
  type SQL,
  type SQLWrapper,
} from 'drizzle-orm';
import { leadEvents, leads } from '../../drizzle/leads.ts';
import { eraseAnswers } from '../idempotency/statements.ts';
import { dropNotices } from '../outbox/statements.ts';
import type { Orm, Statement, WithSql } from '../platform/database.ts';
import { insertSubmission, submissionsOf, type Submission } from '../submissions/statements.ts';

/** A lead as it is stored, without the number that only the search index needs. */
export type Lead = Omit<typeof leads.$inferSelect, 'seq'>;
export type LeadEvent = typeof leadEvents.$inferSelect;

/** A lead that arrived, what was sent, and who sent it. */
export type Arrival = {
  lead: Lead;
  submission: Omit<Submission, 'leadId'>;
  eventId: string;
  /** The id of the key or form that it came with. */
  actor: string;
  /**
   * Epoch milliseconds: an open lead of the same person that is younger takes the submission as an event of its own.
   * Null: it is a new lead, whoever sent it.
   */
  touchSince: number | null;
};

/** The statements that keep an arrival: the lead, what was sent, and the event. A repeat of them changes nothing. */
export function arrive(orm: Orm, { submission, ...arrival }: Arrival): Statement[] {
  return makeLead(orm, { ...arrival, submissionId: submission.id }, (leadId) =>
    insertSubmission(orm, { ...submission, leadId }),
  );
}

/** The statements that make a lead, or touch one that is open, of a submission that `tie` ties to it. */
export function makeLead(
  orm: Orm,
  arrival: Omit<Arrival, 'submission'> & { submissionId: string },
  tie: (leadId: string | SQL<string>) => Statement,
): Statement[] {
  const { lead, submissionId, eventId: id, actor, touchSince } = arrival;
  const at = lead.createdAt;
  if (touchSince === null || lead.emailKey === null) {
    const event = { id, leadId: lead.id, type: 'created' as const, version: 1, actor, at };
    return [
      orm.insert(leads).values(lead).onConflictDoNothing({ target: leads.id }),
      tie(lead.id),
      insertEvent(orm, { ...event, changes: null, submissionId }),
    ];
  }
  const open = openLeadOf(orm, lead.emailKey, touchSince);
  // After the first statement it is the one that was there, else the one just made, which a form may make closed.
  const target = sql<string>`coalesce((${open}), ${lead.id})`;
  const made = sql`${target} = ${lead.id}`;
  return [
    insertUnless(orm, lead, open),
    tie(target),
    insertEvent(orm, {
      ...{ id, actor, at, changes: null, submissionId, leadId: target },
      type: sql`CASE WHEN ${made} THEN 'created' ELSE 'touched' END`,
      version: sql`CASE WHEN ${made} THEN 1 END`,
    }),
  ];
}

/** Deletes a lead; its events and submissions go with it. */
export function removeLead(orm: Orm, id: string): Statement {
  return orm.delete(leads).where(eq(leads.id, id));
}

/** Deletes leads with what was sent, what was still to be sent of it, and the answers that quote any of it. */
export function eraseLeads(orm: Orm, ids: string[] | SQLWrapper): Statement[] {
  // First: its submissions go with a lead.
  const sent = submissionsOf(orm, ids);
  return [
    ...eraseAnswers(orm, sent),
    dropNotices(orm, sent),
    ...eraseAnswers(orm, ids),
    orm.delete(leads).where(inArray(leads.id, ids)),
  ];
}

/** Fails with a unique constraint when another writer made this version of the lead first. */
export function insertEvent(orm: Orm, event: LeadEvent | WithSql<LeadEvent>): Statement {
  return orm
    .insert(leadEvents)
    .values(event as LeadEvent)
    .onConflictDoNothing({ target: leadEvents.id });
}

/** The newest lead of a person that somebody still works on. */
export function openLeadOf(orm: Orm, emailKey: string, since: number) {
  return orm
    .select({ id: leads.id })
    .from(leads)
    .where(
      and(
        eq(leads.emailKey, emailKey),
        inArray(leads.status, ['new', 'contacted', 'qualified']),
        gt(leads.createdAt, since),
      ),
    )
    .orderBy(desc(leads.createdAt), desc(leads.id))
    .limit(1);
}

function insertUnless(orm: Orm, lead: Lead, found: ReturnType<typeof openLeadOf>): Statement {
  const { seq: _seq, ...columns } = getTableColumns(leads);
  const values = Object.entries(columns).map(([name, column]) => [
    name,
    sql`${sql.param(lead[name as keyof Lead], column)}`.as(name),
  ]);
  const row = { seq: sql`NULL`.as('seq'), ...Object.fromEntries(values) };
  return orm
    .insert(leads)
    .select(
      orm
        .select(row)
        .from(sql`(SELECT 1)`)
        .where(notExists(found)),
    )
    .onConflictDoNothing({ target: leads.id });
}

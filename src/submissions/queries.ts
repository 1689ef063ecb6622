import { and, count, eq, exists, getTableColumns, gte, lt, ne, sql, type SQL } from 'drizzle-orm';
import { leadEvents, leads, submissionReasons, submissions } from '../../drizzle/leads.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { keysetOrder, rowsAfter, type Position } from '../platform/keyset.ts';
import type { SubmissionFilter } from './contract.ts';
import type { Submission } from './statements.ts';

/** Submissions that match a filter, newest first, after a position. */
export function selectSubmissions(
  orm: Orm,
  filter: SubmissionFilter,
  after: Position | null,
  rowCount: number,
): PromiseLike<Submission[]> {
  const { reason } = filter;
  // With a reason the order is that of the table of reasons: else SQLite walks every submission in that of its own.
  const { createdAt, id } =
    reason === undefined
      ? submissions
      : { createdAt: submissionReasons.createdAt, id: submissionReasons.submissionId };
  const rows = orm.select(getTableColumns(submissions)).from(submissions).$dynamic();
  const searched =
    reason === undefined
      ? rows
      : rows.innerJoin(submissionReasons, eq(submissionReasons.submissionId, submissions.id));
  return searched
    .where(
      and(
        reason === undefined ? undefined : eq(submissionReasons.reason, reason),
        filter.form_id === undefined ? undefined : eq(submissions.formId, filter.form_id),
        filter.lead_id === undefined ? undefined : eq(submissions.leadId, filter.lead_id),
        filter.verdict === undefined ? undefined : eq(submissions.verdict, filter.verdict),
        filter.created_after === undefined ? undefined : gte(createdAt, filter.created_after),
        filter.created_before === undefined ? undefined : lt(createdAt, filter.created_before),
        after === null ? undefined : rowsAfter(createdAt, id, 'descending', after),
      ),
    )
    .orderBy(...keysetOrder(createdAt, id, 'descending'))
    .limit(rowCount);
}

/** The submission with this id. */
export async function findSubmission(orm: Orm, id: string): Promise<Submission | undefined> {
  const rows = await orm.select().from(submissions).where(eq(submissions.id, id)).limit(1);
  return rows[0];
}

/** What hangs on the lead of a submission. */
export type Ties = {
  /** The version of the lead: above 1, somebody has worked on it. */
  version: number;
  /** How many other submissions belong to it. */
  others: number;
  /** Whether this one came when the lead was there already. */
  touched: boolean;
  /** Whether the submission that made the lead is spam by now. */
  madeBySpam: boolean;
};

/** What hangs on a lead beside a submission of it. Undefined where the lead is gone. */
export async function findTies(orm: Orm, id: string, leadId: string): Promise<Ties | undefined> {
  const maker = and(
    eq(submissions.id, leadEvents.submissionId),
    eq(submissions.verdict, 'flagged'),
  );
  const madeBySpam = orm
    .select({ id: leadEvents.id })
    .from(leadEvents)
    .innerJoin(submissions, maker)
    .where(and(eq(leadEvents.leadId, leadId), eq(leadEvents.type, 'created')));
  const touch = orm.select({ id: leadEvents.id }).from(leadEvents).where(isTouch(id, leadId));
  const rows = await orm
    .select({
      version: leads.version,
      others: sql`(${countOthers(orm, id, leadId)})`.mapWith(Number),
      touched: exists(touch).mapWith(Boolean),
      madeBySpam: exists(madeBySpam).mapWith(Boolean),
    })
    .from(leads)
    .where(eq(leads.id, leadId));
  return rows[0];
}

/** Whether a submission, and what hangs on its lead, are still as they were read. */
export function isUnchanged(orm: Orm, before: Submission, ties: Ties | null): SQL | undefined {
  const { id, verdict, reviewedAt } = before;
  const rows = orm
    .select({ id: submissions.id })
    .from(submissions)
    .where(
      and(
        eq(submissions.id, id),
        eq(submissions.verdict, verdict),
        sql`${submissions.reviewedAt} IS ${reviewedAt}`,
      ),
    );
  const { leadId } = before;
  if (leadId === null || ties === null) return exists(rows);
  const version = orm.select({ version: leads.version }).from(leads).where(eq(leads.id, leadId));
  return and(
    exists(rows),
    sql`(${version}) = ${ties.version}`,
    sql`(${countOthers(orm, id, leadId)}) = ${ties.others}`,
  );
}

/** Changes what was made of a submission. */
export function updateSubmission(
  orm: Orm,
  id: string,
  changes: { [Name in keyof Submission]?: Submission[Name] | SQL<string> },
): Statement {
  return orm.update(submissions).set(changes).where(eq(submissions.id, id));
}

/** Takes a submission's touch off the timeline of a lead. */
export function removeTouch(orm: Orm, id: string, leadId: string): Statement {
  return orm.delete(leadEvents).where(isTouch(id, leadId));
}

function isTouch(id: string, leadId: string) {
  return and(
    eq(leadEvents.submissionId, id),
    eq(leadEvents.leadId, leadId),
    eq(leadEvents.type, 'touched'),
  );
}

function countOthers(orm: Orm, id: string, leadId: string) {
  return orm
    .select({ count: count() })
    .from(submissions)
    .where(and(eq(submissions.leadId, leadId), ne(submissions.id, id)));
}

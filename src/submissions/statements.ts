import { eq, inArray, type SQLWrapper } from 'drizzle-orm';
import { submissions } from '../../drizzle/leads.ts';
import { eraseAnswers } from '../idempotency/statements.ts';
import { dropNotices } from '../outbox/statements.ts';
import type { Orm, Statement, WithSql } from '../platform/database.ts';

/** A submission as it is stored: what was sent, the verdict on it, and why. */
export type Submission = typeof submissions.$inferSelect;

/** Keeps what was sent, of a lead or of none. */
export function insertSubmission(
  orm: Orm,
  submission: typeof submissions.$inferInsert | WithSql<Submission>,
): Statement {
  return orm
    .insert(submissions)
    .values(submission as typeof submissions.$inferInsert)
    .onConflictDoNothing({ target: submissions.id });
}

/** Selects the ids of what belongs to leads. */
export function submissionsOf(orm: Orm, leadIds: string[] | SQLWrapper) {
  return orm
    .select({ id: submissions.id })
    .from(submissions)
    .where(inArray(submissions.leadId, leadIds));
}

/** Removes what was sent to a form and is of no lead, as below. */
export function removeSentTo(orm: Orm, formId: string): Statement[] {
  const ofForm = eq(submissions.formId, formId);
  return eraseSubmissions(orm, orm.select({ id: submissions.id }).from(submissions).where(ofForm));
}

/** Removes submissions, with the answers that quote them and what was to be sent of them. */
export function eraseSubmissions(orm: Orm, ids: string[] | SQLWrapper): Statement[] {
  return [
    ...eraseAnswers(orm, ids),
    dropNotices(orm, ids),
    orm.delete(submissions).where(inArray(submissions.id, ids)),
  ];
}

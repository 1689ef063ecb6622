import { eq } from 'drizzle-orm';
import { submissions } from '../../drizzle/leads.ts';
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

/** Selects the ids of what belongs to a lead. */
export function submissionsOf(orm: Orm, leadId: string) {
  return orm.select({ id: submissions.id }).from(submissions).where(eq(submissions.leadId, leadId));
}

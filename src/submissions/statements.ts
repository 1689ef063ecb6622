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

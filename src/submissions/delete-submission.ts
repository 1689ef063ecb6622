import { newAct, type By } from '../audit/statements.ts';
import { AppError } from '../errors.ts';
import { untilFirst } from '../platform/versions.ts';
import { carryOutDecision, timeOfAct, type SubmissionDeps } from './carry-out-decision.ts';
import { readSubmission } from './read-submission.ts';
import { eraseSubmissions } from './statements.ts';

/**
 * Deletes a submission in the spam folder for good, or one that a sign-up came of, with the answers that quote it; the audit log keeps that it was
 * done. Throws `not_found`, and `conflict` for one that a lead came of.
 */
export async function deleteSubmission(deps: SubmissionDeps, id: string, by: By): Promise<void> {
  await untilFirst(deps, 'submission', async () => {
    const before = await readSubmission(deps, id);
    if (before.leadId !== null) throw belongsToLead;
    const at = timeOfAct(deps, before);
    const act = newAct({ action: 'submission.deleted', ...by, targetId: id, detail: {}, at });
    const done = await carryOutDecision(deps, { act, before, ties: null }, (orm) =>
      eraseSubmissions(orm, [id]),
    );
    return done ? before : null;
  });
}

const belongsToLead = new AppError(
  'conflict',
  'This submission belongs to a lead: delete the lead, or mark the submission as spam first.',
);

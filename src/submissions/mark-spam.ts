import { newAct, recordAct, type By } from '../audit/statements.ts';
import { AppError } from '../errors.ts';
import { eraseAnswers } from '../idempotency/statements.ts';
import { removeLead } from '../leads/statements.ts';
import { dropNotices } from '../outbox/statements.ts';
import { untilFirst } from '../platform/versions.ts';
import { carryOutDecision, timeOfAct, type SubmissionDeps } from './carry-out-decision.ts';
import { markedByOperator } from './contract.ts';
import { findTies, removeTouch, updateSubmission, type Ties } from './queries.ts';
import { readSubmission } from './read-submission.ts';
import type { Submission } from './statements.ts';

/**
 * Puts a submission into the spam folder: the lead that it made goes, and a notification that was not sent yet. A lead
 * to which other submissions belong stays, without this one. Spam stays as it is. Throws `not_found`, and `conflict`
 * for a lead that somebody has worked on, and for a sign-up.
 */
export async function markSpam(deps: SubmissionDeps, id: string, by: By): Promise<Submission> {
  await untilFirst(deps, 'submission', async () => {
    const before = await readSubmission(deps, id);
    return before.verdict === 'flagged' || (await flag(deps, before, by)) ? before : null;
  });
  return readSubmission(deps, id);
}

/** Returns false when another writer was first. */
async function flag(deps: SubmissionDeps, before: Submission, by: By): Promise<boolean> {
  const { id, leadId } = before;
  if (leadId === null) throw signedUp;
  const ties = await deps.database.read((orm) => findTies(orm, id, leadId));
  if (ties === undefined) return false;
  const leadGoes = goesWithIt(ties);
  const at = timeOfAct(deps, before);
  const act = newAct({
    ...{ action: 'submission.reviewed' as const, ...by, targetId: id, at },
    detail: { verdict: 'flagged', lead_id: leadId, lead: leadGoes ? 'deleted' : 'kept' },
  });
  const leadAct = newAct({ action: 'lead.deleted', ...by, targetId: leadId, detail: {}, at });
  const review = {
    ...{ verdict: 'flagged' as const, leadId: null, reviewedBy: by.actor, reviewedAt: at },
    reasons: [...new Set([...before.reasons, markedByOperator])],
  };
  return carryOutDecision(deps, { act, before, ties }, (orm) => [
    // First: what still belongs to a lead goes with it.
    updateSubmission(orm, id, review),
    removeTouch(orm, id, leadId),
    ...(leadGoes
      ? [removeLead(orm, leadId), ...eraseAnswers(orm, [leadId, id]), recordAct(orm, leadAct)]
      : []),
    dropNotices(orm, [id]),
  ]);
}

const signedUp = new AppError(
  'conflict',
  'A sign-up came of this submission. Unsubscribe the person instead.',
);

function goesWithIt({ version, others, touched, madeBySpam }: Ties): boolean {
  if (others > 0 || (touched && (version > 1 || !madeBySpam))) return false;
  if (version === 1) return true;
  throw new AppError(
    'conflict',
    'Somebody has changed the lead of this submission since, which would be lost. Delete the lead if it is spam.',
  );
}

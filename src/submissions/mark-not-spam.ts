import { newAct, type By } from '../audit/statements.ts';
import { readForm } from '../forms/read-form.ts';
import { touchSince } from '../forms/touch-since.ts';
import { leadOfForm, toLead } from '../leads/new-lead.ts';
import { makeLead } from '../leads/statements.ts';
import { newId } from '../lib/ids.ts';
import { insertSignUp } from '../newsletter/sign-up-statements.ts';
import { enqueue } from '../outbox/statements.ts';
import { leadNotices } from '../forms/lead-notices.ts';
import { untilFirst } from '../platform/versions.ts';
import { carryOutDecision, timeOfAct, type SubmissionDeps } from './carry-out-decision.ts';
import { mapAgain, signUpAgain } from './map-again.ts';
import { updateSubmission } from './queries.ts';
import { readSubmission } from './read-submission.ts';
import type { Submission } from './statements.ts';

/**
 * Takes a submission out of the spam folder: its lead is made or touched as if it came now, and the notification that
 * was held back goes out; or its sender is asked to confirm a sign-up. One that is accepted stays as it is. Throws
 * `not_found`, `conflict`, and `validation_failed` for what makes neither.
 */
export async function markNotSpam(deps: SubmissionDeps, id: string, by: By): Promise<Submission> {
  await untilFirst(deps, 'submission', async () => {
    const before = await readSubmission(deps, id);
    return before.verdict === 'accepted' || (await accept(deps, before, by)) ? before : null;
  });
  return readSubmission(deps, id);
}

/** Returns false when another writer was first. */
async function accept(deps: SubmissionDeps, before: Submission, by: By): Promise<boolean> {
  const { id, formId } = before;
  const form = formId === null ? formOfNone : await readForm(deps, formId);
  const at = timeOfAct(deps, before);
  const review = { verdict: 'accepted', reviewedBy: by.actor, reviewedAt: at } as const;
  const detail = { verdict: 'accepted' };
  const act = newAct({ action: 'submission.reviewed', ...by, targetId: id, detail, at });
  if (form.kind === 'newsletter') {
    const signUp = await signUpAgain(deps, before, form, { actor: by.actor, at });
    return carryOutDecision(deps, { act, before, ties: null }, (orm) => [
      ...insertSignUp(orm, signUp),
      updateSubmission(orm, id, review),
    ]);
  }
  const arrival = {
    lead: toLead(leadOfForm(mapAgain(before), form), at),
    submissionId: id,
    eventId: newId('evt', at),
    actor: by.actor,
    touchSince: touchSince(form, at),
  };
  const notices = await leadNotices(deps.config, form.notifyEmails, id, at);
  return carryOutDecision(deps, { act, before, ties: null }, (orm) => [
    ...makeLead(orm, arrival, (leadId) => updateSubmission(orm, id, { ...review, leadId })),
    ...enqueue(orm, notices),
  ]);
}

/** What holds for a submission without a form: a key's, or one whose form was deleted. */
const formOfNone = {
  id: null,
  kind: 'lead',
  defaultSource: null,
  defaultCategory: null,
  defaultStatus: 'new',
  repeatContacts: 'new',
  notifyEmails: [],
} as const;

import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { answerOnce, type AnswerOnce } from '../idempotency/answer-once.ts';
import type { SubscribeBody } from '../newsletter/contract.ts';
import { subscribe } from '../newsletter/subscribe.ts';
import { ConstraintError } from '../platform/database.ts';
import { insertSubmission, type Submission } from '../submissions/statements.ts';
import { noFormThere } from './find-form.ts';
import { answerFor, toSubmission, type KeptEntry } from './keep-entry.ts';

/**
 * Signs the person of an entry up, by a mail that asks them to confirm it. Of one that passed nothing else is kept: the
 * ledger is the record. A flagged one is kept as spam, and signs nobody up. The answer says as much of the one as of the
 * other, and as much of a known person as of a new one. Throws `not_found` for a form that is gone by now, and what
 * `answerOnce` throws.
 */
export async function signUpEntry(
  deps: Pick<Deps, 'database' | 'now' | 'config' | 'wakeOutbox'>,
  { signUp, ...kept }: KeptEntry & { signUp: SubscribeBody; ipNetwork: string | null },
): Promise<AnswerOnce> {
  const { entry, verdict, tokens, ipHash, ipNetwork, userAgent } = kept;
  const { id: formId } = entry.form;
  const attribution = entry.lead.fields['attribution'] as Submission['attribution'];
  const submission = toSubmission(kept, attribution, deps.now());
  const answer = answerFor(submission);
  try {
    if (verdict === 'flagged') {
      const spam = { ...submission, leadId: null };
      return await answerOnce(deps, tokens, answer, (orm) => [insertSubmission(orm, spam)]);
    }
    const circumstances = { ipHash, ipNetwork, userAgent };
    const visitor = { formId, actor: formId, byStranger: true, circumstances };
    return await subscribe(deps, { body: signUp, ...visitor, tokens, answer });
  } catch (error) {
    throw isGone(error) ? noFormThere() : error;
  }
}

/** Another isolate deleted the form, or its list is another one by now: we remember both for some seconds more. */
function isGone(error: unknown): boolean {
  if (error instanceof AppError) return error.fields.some(({ field }) => field === 'list_id');
  return error instanceof ConstraintError && error.constraint === 'foreign_key';
}

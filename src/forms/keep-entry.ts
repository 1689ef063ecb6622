import type { FlagReason, SubmissionVerdict } from '../submissions/contract.ts';
import type { Deps } from '../deps.ts';
import type { AcceptedFile } from '../files/contract.ts';
import { keepWithFiles } from '../files/keep-with-files.ts';
import { insertFiles } from '../files/statements.ts';
import { storeFiles } from '../files/store-files.ts';
import {
  answerOnce,
  type Answer,
  type AnswerOnce,
  type IdempotencyToken,
} from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import { toIso } from '../lib/time.ts';
import type { VisitorLead } from '../leads/contract.ts';
import { leadOfForm, toLead } from '../leads/new-lead.ts';
import { arrive } from '../leads/statements.ts';
import { enqueue } from '../outbox/statements.ts';
import { ConstraintError } from '../platform/database.ts';
import { insertSubmission, type Submission } from '../submissions/statements.ts';
import { noFormThere } from './find-form.ts';
import type { Entry } from './gates/gate.ts';
import { leadNotices } from './lead-notices.ts';
import { touchSince } from './touch-since.ts';

/** An entry that passed, or was flagged. */
export type KeptEntry = {
  entry: Entry;
  verdict: SubmissionVerdict;
  reasons: FlagReason[];
  ipHash: string;
  userAgent: string | null;
  tokens: IdempotencyToken[];
};

type KeepInput = KeptEntry & { lead: VisitorLead; files: AcceptedFile[] };

/**
 * Keeps an entry in one batch, once its files are stored: what was sent, its lead or a touch on the one that is open,
 * and the notification. A flagged entry is kept alone. The answer says as much of the one as of the other. Throws
 * `not_found` for a form that is gone by now, `files_not_stored`, and what `answerOnce` throws.
 */
export async function keepEntry(
  deps: Pick<
    Deps,
    'database' | 'config' | 'files' | 'now' | 'deadline' | 'waitUntil' | 'wakeOutbox'
  >,
  input: KeepInput,
): Promise<AnswerOnce> {
  const { verdict, reasons, tokens } = input;
  const { form } = input.entry;
  const at = deps.now();
  const lead = toLead(leadOfForm(input.lead, form), at);
  const submission = toSubmission(input, lead.attribution, at);
  const arrival = {
    ...{ lead, submission, actor: form.id, eventId: newId('evt', at) },
    touchSince: touchSince(form, at),
  };
  const told = verdict === 'accepted' ? form.notifyEmails : [];
  const notices = await leadNotices(deps.config, told, submission.id, at);
  const answer = answerFor(submission);
  // Programs fill in honeypots, and would fill the bucket: `not-spam` finds such an entry without its files.
  const wanted = reasons.includes('honeypot') ? [] : input.files;
  const files = await storeFiles(deps, submission, wanted);
  const keep = () =>
    answerOnce(deps, tokens, answer, (orm) => [
      ...(verdict === 'flagged'
        ? [insertSubmission(orm, { ...submission, leadId: null })]
        : [...arrive(orm, arrival), ...enqueue(orm, notices)]),
      ...insertFiles(orm, files),
    ]);
  try {
    const kept = await keepWithFiles(deps, files, keep);
    if (notices.length > 0 && !kept.replayed) deps.wakeOutbox();
    return kept;
  } catch (error) {
    const gone = error instanceof ConstraintError && error.constraint === 'foreign_key';
    // Another isolate deleted the form, which we remember for some seconds more.
    throw gone ? noFormThere() : error;
  }
}

/** What the sender is told of an entry: the same for all. */
export function answerFor({ id, createdAt }: Pick<Submission, 'id' | 'createdAt'>): Answer {
  return { resourceId: id, status: 200, body: { id, date: toIso(createdAt) } };
}

/** What was sent, as it is stored. */
export function toSubmission(
  { entry, verdict, reasons, ipHash, userAgent }: Omit<KeptEntry, 'tokens'>,
  attribution: Submission['attribution'],
  at: number,
): Omit<Submission, 'leadId'> {
  return {
    id: newId('sub', at),
    formId: entry.form.id,
    // Drizzle asks every parameter for its constructor, which content does not have.
    payload: { ...entry.content },
    attribution,
    verdict,
    reasons,
    reviewedBy: null,
    reviewedAt: null,
    ipHash,
    userAgent,
    createdAt: at,
  };
}

import { toIso } from '../lib/time.ts';
import type { SubmissionJson } from './contract.ts';
import type { Submission } from './statements.ts';

/** A submission as it is shown. */
export function presentSubmission(submission: Submission): SubmissionJson {
  return {
    id: submission.id,
    form_id: submission.formId,
    lead_id: submission.leadId,
    verdict: submission.verdict,
    reasons: submission.reasons,
    payload: submission.payload,
    attribution: submission.attribution,
    ip_hash: submission.ipHash,
    user_agent: submission.userAgent,
    reviewed_by: submission.reviewedBy,
    reviewed_at: submission.reviewedAt === null ? null : toIso(submission.reviewedAt),
    created_at: toIso(submission.createdAt),
  };
}

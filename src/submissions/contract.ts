import * as z from 'zod/mini';
import {
  flagReasons,
  verdicts,
  type FlagReason,
  type SubmissionVerdict,
} from '../../drizzle/leads.ts';
import { textOf } from '../lib/text.ts';
import { isoInstant } from '../lib/time.ts';

export type { FlagReason, SubmissionVerdict };

/** The reason of a submission that a person took for spam. */
export const markedByOperator = 'marked_by_operator';

/** What `GET /v1/submissions` can be asked for. `created_after` is inclusive, `created_before` is not. */
export const submissionFilter = z.strictObject({
  form_id: z.optional(textOf(1, 60)),
  lead_id: z.optional(textOf(1, 60)),
  verdict: z.optional(z.enum(verdicts)),
  reason: z.optional(z.enum([...flagReasons, markedByOperator])),
  created_after: z.optional(isoInstant),
  created_before: z.optional(isoInstant),
});

export type SubmissionFilter = z.output<typeof submissionFilter>;

/** A submission as it is shown. Times are ISO 8601. */
export type SubmissionJson = {
  id: string;
  form_id: string | null;
  /** Null for spam. */
  lead_id: string | null;
  verdict: SubmissionVerdict;
  /** Why it was taken for spam; they stay when a person says that it is none. */
  reasons: string[];
  /** As it was sent, without what the form said to the service. */
  payload: Record<string, unknown>;
  attribution: Record<string, string>;
  /** Tells repeated senders without saying where they are: a keyed hash. */
  ip_hash: string | null;
  user_agent: string | null;
  /** The key with which a person last turned the verdict around, and when. */
  reviewed_by: string | null;
  reviewed_at: string | null;
  created_at: string;
};

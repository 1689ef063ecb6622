import type { Deps } from '../deps.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import { explainReference } from '../platform/database.ts';
import type { NewLead } from './contract.ts';
import { toLead } from './new-lead.ts';
import { presentLead } from './present-lead.ts';
import { arrive } from './statements.ts';

/** A lead that arrived: what was understood of it, what was sent, and by whom. */
export type CaptureInput = {
  lead: NewLead;
  payload: Record<string, unknown>;
  /** The id of the key that it came with. */
  actor: string;
  ipHash: string;
  userAgent: string | null;
  /** Whether the sender may read the lead back, or learns its id alone. */
  readBack: boolean;
  tokens: IdempotencyToken[];
};

/** Stores a lead with what was sent and the first event of its timeline: one database hop. */
export async function captureLead(
  deps: Pick<Deps, 'database' | 'now'>,
  input: CaptureInput,
): Promise<AnswerOnce> {
  const at = deps.now();
  const lead = toLead(input.lead, at);
  const arrival = {
    lead,
    actor: input.actor,
    eventId: newId('evt', at),
    touchSince: null,
    submission: {
      id: newId('sub', at),
      formId: lead.formId,
      payload: input.payload,
      attribution: lead.attribution,
      verdict: 'accepted' as const,
      reasons: [],
      reviewedBy: null,
      reviewedAt: null,
      ipHash: input.ipHash,
      userAgent: input.userAgent,
      createdAt: at,
    },
  };
  const body = input.readBack ? presentLead(lead) : { id: lead.id };
  try {
    return await answerOnce(deps, input.tokens, { resourceId: lead.id, status: 201, body }, (orm) =>
      arrive(orm, arrival),
    );
  } catch (error) {
    throw explainReference(error, 'form_id', 'form');
  }
}

import type { Deps } from '../deps.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import { explainReference } from '../platform/database.ts';
import type { NewLead, VisitorLead } from './contract.ts';
import { presentLead } from './present-lead.ts';
import { insertLead, insertLeadEvent, insertSubmission, type Lead } from './queries.ts';

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
  token: IdempotencyToken | null;
};

/** Stores a lead with what was sent and the first event of its timeline: one database hop. */
export async function captureLead(
  deps: Pick<Deps, 'database' | 'now'>,
  input: CaptureInput,
): Promise<AnswerOnce> {
  const at = deps.now();
  const lead = toLead(input.lead, at);
  const submission = {
    id: newId('sub', at),
    formId: lead.formId,
    leadId: lead.id,
    payload: input.payload,
    verdict: 'accepted' as const,
    ipHash: input.ipHash,
    userAgent: input.userAgent,
    createdAt: at,
  };
  const event = {
    id: newId('evt', at),
    leadId: lead.id,
    type: 'created' as const,
    version: lead.version,
    actor: input.actor,
    changes: null,
    at,
  };
  const body = input.readBack ? presentLead(lead) : { id: lead.id };
  try {
    return await answerOnce(
      deps,
      input.token,
      { resourceId: lead.id, status: 201, body },
      (orm) => [
        insertLead(orm, lead),
        insertSubmission(orm, submission),
        insertLeadEvent(orm, event),
      ],
    );
  } catch (error) {
    throw explainReference(error, 'form_id', 'form');
  }
}

/** What a visitor sent through a form: of that form, with its defaults, and new. */
export function leadOfForm(
  lead: VisitorLead,
  form: { id: string; defaultSource: string | null; defaultCategory: string | null },
): NewLead {
  return {
    ...lead,
    source: lead.source ?? form.defaultSource,
    category: lead.category ?? form.defaultCategory,
    status: 'new',
    form_id: form.id,
  };
}

function toLead(lead: NewLead, at: number): Lead {
  return {
    id: newId('lead', at),
    fullName: lead.full_name,
    position: lead.position,
    companyName: lead.company_name,
    phoneNumber: lead.phone_number,
    email: lead.email?.address ?? null,
    emailKey: lead.email?.key ?? null,
    source: lead.source,
    status: lead.status,
    category: lead.category,
    notes: lead.notes,
    attribution: given(lead.attribution),
    formId: lead.form_id,
    createdAt: at,
    updatedAt: at,
    version: 1,
  };
}

function given(attribution: NewLead['attribution']): Record<string, string> {
  const entries = Object.entries(attribution).filter(
    ([, text]) => text !== undefined && text !== '',
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

import { toIso } from '../lib/time.ts';
import type { LeadJson } from './contract.ts';
import type { Lead, LeadEvent } from './statements.ts';

/** A lead as it is shown. */
export function presentLead(lead: Lead): LeadJson {
  return {
    id: lead.id,
    full_name: lead.fullName,
    position: lead.position,
    company_name: lead.companyName,
    phone_number: lead.phoneNumber,
    email: lead.email,
    source: lead.source,
    status: lead.status,
    category: lead.category,
    notes: lead.notes,
    attribution: lead.attribution,
    form_id: lead.formId,
    created_at: toIso(lead.createdAt),
    updated_at: toIso(lead.updatedAt),
    version: lead.version,
  };
}

/** An event of a lead's timeline as it is shown. */
export function presentLeadEvent(event: LeadEvent) {
  return {
    id: event.id,
    type: event.type,
    version: event.version,
    actor: event.actor,
    changes: event.changes,
    submission_id: event.submissionId,
    at: toIso(event.at),
  };
}

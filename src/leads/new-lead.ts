import { newId } from '../lib/ids.ts';
import type { NewLead, VisitorLead } from './contract.ts';
import type { Lead } from './statements.ts';

/** What a visitor sent through a form: of that form, with its defaults. */
export function leadOfForm(
  lead: VisitorLead,
  form: {
    id: string | null;
    defaultSource: string | null;
    defaultCategory: string | null;
    defaultStatus: Lead['status'];
  },
): NewLead {
  return {
    ...lead,
    source: lead.source ?? form.defaultSource,
    category: lead.category ?? form.defaultCategory,
    status: form.defaultStatus,
    form_id: form.id,
  };
}

/** The row of a lead that arrives, with an id of its own. */
export function toLead(lead: NewLead, at: number): Lead {
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

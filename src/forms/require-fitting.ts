import { invalidFields, type FieldError } from '../errors.ts';
import type { FormChanges, NewForm } from './contract.ts';

/** What a form says of leads, and where it says nothing of them. */
const ofLeads = {
  default_source: null,
  default_category: null,
  default_status: 'new',
  notify_emails: [],
  uploads: null,
  repeat_contacts: 'touch',
} satisfies FormChanges;

/** Throws 422 for settings that mean nothing to a form of its kind, or that it cannot do without. */
export function requireFitting(kind: NewForm['kind'], settings: FormChanges): void {
  const errors = kind === 'newsletter' ? misfitsOfNewsletter(settings) : misfitsOfLead(settings);
  if (errors.length > 0) throw invalidFields(errors);
}

function misfitsOfNewsletter(settings: FormChanges): FieldError[] {
  const given = (Object.keys(ofLeads) as (keyof typeof ofLeads)[]).filter(
    (name) => name in settings && JSON.stringify(settings[name]) !== JSON.stringify(ofLeads[name]),
  );
  const errors = given.map((field) => misfit(field, 'newsletter: no lead comes of its entries'));
  if (settings.list_id !== null) return errors;
  return [...errors, { field: 'list_id', code: 'required', message: 'is required' }];
}

function misfitsOfLead({ list_id: listId }: FormChanges): FieldError[] {
  return (listId ?? null) === null ? [] : [misfit('list_id', 'lead: it signs nobody up')];
}

function misfit(field: string, kind: string): FieldError {
  return { field, code: 'not_of_kind', message: `says nothing for a form of kind ${kind}` };
}

import type { FieldError } from '../errors.ts';
import { check } from '../lib/check.ts';
import { subscribeBody, type SubscribeBody } from '../newsletter/contract.ts';
import { checkMapped } from './check-lead.ts';
import type { MappedLead } from './map-lead.ts';
import type { Form } from './queries.ts';

/**
 * The sign-up that a form's fields make: to the list of the form, with the list's own words, since a visitor could write
 * any. Throws `validation_failed`, in the names of the form's inputs, with what is wrong with the files as well.
 */
export function checkSignUp(
  mapped: MappedLead,
  { listId }: Pick<Form, 'listId'>,
  language: string | null,
  ofFiles: FieldError[] = [],
): SubscribeBody {
  const { page = null } = mapped.fields['attribution'] as { page?: string };
  const sent = { ...personIn(mapped), list_id: listId, language, consent: { page } };
  return checkMapped(
    () => check(subscribeBody, sent),
    (errors) =>
      errors.map((error) => ({ ...error, field: mapped.inputs[error.field] ?? error.field })),
    ofFiles,
  );
}

/** What a form says of a person that a subscriber has room for: none takes a company or an address as a name. */
export function personIn({ fields, inputs }: MappedLead): { email: unknown; full_name: unknown } {
  const { email, full_name: name } = fields;
  return { email, full_name: inputs['full_name'] === undefined ? null : name };
}

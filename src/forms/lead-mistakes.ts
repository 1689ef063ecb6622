import type { FieldError } from '../errors.ts';
import { unreachable } from '../leads/contract.ts';
import type { MappedLead } from './map-lead.ts';

/**
 * What is wrong with a lead, in the names of the form's inputs. A form without an input for the name is not asked for
 * one while something else is wrong: the lead takes its company or address as its name.
 */
export function leadMistakes(errors: FieldError[], { fields, inputs }: MappedLead): FieldError[] {
  const asksName = inputs['full_name'] !== undefined;
  const mistakes = errors.filter(({ field }) => asksName || field !== 'full_name');
  // The contract asks for a way to answer only when all else is right.
  const answerable = Boolean(fields['email']) || Boolean(fields['phone_number']);
  if (!answerable && mistakes.every(({ field }) => field !== 'email')) mistakes.push(unreachable);
  const all = mistakes.length > 0 ? mistakes : errors;
  return all.map(({ field, code, message }) => ({ field: inputs[field] ?? field, code, message }));
}

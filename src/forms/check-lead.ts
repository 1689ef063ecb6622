import { AppError, invalidFields, type FieldError } from '../errors.ts';
import { check } from '../lib/check.ts';
import { unreachable, visitorLeadBody, type VisitorLead } from '../leads/contract.ts';
import type { MappedLead } from './map-lead.ts';

/**
 * Checks a lead against the contract. Throws `validation_failed`, in the names of the form's inputs, with what is wrong
 * with the files as well: a visitor mends all of it at once.
 */
export function checkLead(mapped: MappedLead, ofFiles: FieldError[] = []): VisitorLead {
  return checkMapped(
    () => check(visitorLeadBody, mapped.fields),
    (errors) => inputErrors(errors, mapped),
    ofFiles,
  );
}

/** What a check makes of an entry. Throws what it finds wrong, put into other words, and that of the files as well. */
export function checkMapped<T>(
  checked: () => T,
  inWords: (errors: FieldError[]) => FieldError[],
  ofFiles: FieldError[],
): T {
  const errors = [...ofFiles];
  try {
    const made = checked();
    if (errors.length === 0) return made;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    errors.unshift(...inWords(error.fields));
  }
  throw invalidFields(errors);
}

/**
 * What is wrong with a lead, in the names of the form's inputs. A form without an input for the name is not asked for
 * one while something else is wrong: the lead takes its company or address as its name.
 */
function inputErrors(errors: FieldError[], { fields, inputs }: MappedLead): FieldError[] {
  const asksName = inputs['full_name'] !== undefined;
  const mistakes = errors.filter(({ field }) => asksName || field !== 'full_name');
  // The contract asks for a way to answer only when all else is right.
  const answerable = Boolean(fields['email']) || Boolean(fields['phone_number']);
  if (!answerable && mistakes.every(({ field }) => field !== 'email')) mistakes.push(unreachable);
  const all = mistakes.length > 0 ? mistakes : errors;
  return all.map(({ field, code, message }) => ({ field: inputs[field] ?? field, code, message }));
}

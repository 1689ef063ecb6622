import { AppError, invalidFields, type FieldError } from '../errors.ts';
import { check } from '../lib/check.ts';
import { visitorLeadBody, type VisitorLead } from '../leads/contract.ts';
import type { MappedLead } from './map-lead.ts';
import { leadMistakes } from './lead-mistakes.ts';

/**
 * Checks a lead against the contract. Throws `validation_failed`, in the names of the form's inputs, with what is wrong
 * with the files as well: a visitor mends all of it at once.
 */
export function checkLead(mapped: MappedLead, ofFiles: FieldError[] = []): VisitorLead {
  const errors = [...ofFiles];
  try {
    const lead = check(visitorLeadBody, mapped.fields);
    if (errors.length === 0) return lead;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    errors.unshift(...leadMistakes(error.fields, mapped));
  }
  throw invalidFields(errors);
}

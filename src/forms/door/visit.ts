import { AppError } from '../../errors.ts';
import type { AppContext } from '../../http/context.ts';
import { anonymousLimit, enforceLimits } from '../../http/limits.ts';
import { findFormByAddress, noFormThere } from '../find-form.ts';
import type { Entry, UncountedEntry } from '../gates/gate.ts';

/** What is known of a visit to the door, as far as it came: errors are answered in the form's colour, with what was typed. */
export type Visit = {
  form: Entry['form'];
  /** What was sent, once it was read. */
  entry?: UncountedEntry;
  /** The inputs that files came from. */
  fileInputs?: string[];
};

/**
 * The form at an address, noted as the one that is visited. Throws 404 where there is none, counted as a request of
 * nobody: whoever tries addresses costs the database a read for each.
 */
export async function visitForm(c: AppContext, address: string): Promise<Entry['form']> {
  // Basin's addresses may end in .json.
  const form = await findFormByAddress(c.var.deps, address.replace(/\.json$/, ''));
  if (form === null) {
    await enforceLimits(c, [anonymousLimit(c)]);
    throw noFormThere();
  }
  c.set('visit', { form });
  return form;
}

/** The form at an address, to send to. Throws 404 where there is none, 403 where it takes no more. */
export async function requireForm(c: AppContext, address: string): Promise<Entry['form']> {
  const form = await visitForm(c, address);
  if (!form.active) throw new AppError('form_inactive', 'This form takes no more entries.');
  return form;
}

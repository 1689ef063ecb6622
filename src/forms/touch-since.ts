import type { Form } from './queries.ts';
import { dayMs } from '../lib/units.ts';

/** For so long the same person's next entry belongs to the lead that is still open. */
const touchWithinMs = 30 * dayMs;

/**
 * From when on an open lead of the same person takes what arrives at a moment, both in epoch milliseconds. Null where
 * the form wants a new lead each time.
 */
export function touchSince(
  { repeatContacts }: Pick<Form, 'repeatContacts'>,
  at: number,
): number | null {
  return repeatContacts === 'touch' ? at - touchWithinMs : null;
}

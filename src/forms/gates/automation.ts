import { pass, type Entry, type Verdict } from './gate.ts';

/** Flags a program by its own account. */
export function checkAutomation({ automated }: Pick<Entry, 'automated'>): Verdict {
  return automated ? { flag: 'automated' } : pass;
}

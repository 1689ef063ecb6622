import { pass, type Entry, type GateResult } from './gate.ts';

/** Flags a program by its own account. */
export function checkAutomation({ automated }: Pick<Entry, 'automated'>): GateResult {
  return automated ? { flag: 'automated' } : pass;
}

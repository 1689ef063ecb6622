import { pass, type Entry, type GateResult } from './gate.ts';

/** Flags a browser that says of itself that a program drives it. */
export function checkAutomation({ automated }: Pick<Entry, 'automated'>): GateResult {
  return automated ? { flag: 'automated' } : pass;
}

import { pass, type Entry, type GateResult } from './gate.ts';

/** Flags an entry in which an input that people do not see is filled in. */
export function checkHoneypot({ control }: Pick<Entry, 'control'>): GateResult {
  return control.honeypot ? { flag: 'honeypot' } : pass;
}

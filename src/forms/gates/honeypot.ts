import { pass, type Entry, type Verdict } from './gate.ts';

/** Flags an entry in which an input that people do not see is filled in. */
export function checkHoneypot({ control }: Pick<Entry, 'control'>): Verdict {
  return control.honeypot ? { flag: 'honeypot' } : pass;
}

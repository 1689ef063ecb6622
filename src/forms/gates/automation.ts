import { pass, type Entry, type Verdict } from './gate.ts';

/** Flags what people cannot do: fill in an input that they do not see, or be a program by their own account. */
export function checkAutomation({
  control,
  automated,
}: Pick<Entry, 'control' | 'automated'>): Verdict {
  if (control.honeypot) return { flag: 'honeypot' };
  return automated ? { flag: 'automated' } : pass;
}

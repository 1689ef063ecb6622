import type { AppContext } from '../../http/context.ts';
import { enforceLimits, intakeLimit } from '../../http/limits.ts';
import { asksForDomains } from '../gates/disposable-email.ts';
import type { Entry } from '../gates/gate.ts';
import { watchedLimits } from '../gates/watched.ts';

/** Counts an entry, and gets what a gate needs meanwhile: one hop. Throws 429 for a visitor who sends too much. */
export async function countEntry(c: AppContext, entry: Omit<Entry, 'repeated'>): Promise<Entry> {
  const watched = await watchedLimits(entry);
  const [full] = await Promise.all([
    enforceLimits(c, [intakeLimit(c, entry.form)], { watched }),
    asksForDomains(entry) ? c.var.deps.disposableDomains.load() : undefined,
  ]);
  return { ...entry, repeated: full.map((limit) => limit.name) };
}

import type { AppContext } from '../../http/context.ts';
import { enforceLimits, intakeLimit } from '../../http/limits.ts';
import type { Limit } from '../../platform/limiter.ts';
import { asksForDomains } from '../gates/disposable-email.ts';
import type { Entry, UncountedEntry } from '../gates/gate.ts';
import { stampLimit } from '../gates/render-stamp.ts';
import { contentLimit } from '../gates/repeated-content.ts';
import { readTranslation } from './translation.ts';

/**
 * Counts an entry, and gets what a gate and the answer need meanwhile: one hop. One that was counted before it was read
 * is not counted for what it says, too: that would be another hop. Throws 429 for a visitor who sends too much.
 */
export async function countEntry(
  c: AppContext,
  entry: UncountedEntry,
  counted: boolean,
): Promise<Entry> {
  // Begun here, and awaited by the answer that needs it: one that only sends on leaves it to the next visitor.
  c.var.deps.waitUntil(readTranslation(c));
  const [full] = await Promise.all([
    counted ? [] : countWhole(c, entry),
    asksForDomains(entry) ? c.var.deps.disposableDomains.load() : undefined,
  ]);
  return { ...entry, repeated: full.map((limit) => limit.name) };
}

async function countWhole(c: AppContext, entry: UncountedEntry): Promise<Limit[]> {
  const watched = await watchedLimits(entry);
  return enforceLimits(c, [intakeLimit(c, entry.form)], { watched });
}

/** The windows that an entry is counted in besides the visitor's own. A full one only makes it suspect. */
async function watchedLimits(entry: UncountedEntry): Promise<Limit[]> {
  const text = entry.lead.fields['notes'];
  const limits = await Promise.all([
    contentLimit(entry.form.id, typeof text === 'string' ? text : ''),
    stampLimit(entry),
  ]);
  return limits.filter((limit) => limit !== null);
}

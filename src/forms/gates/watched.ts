import type { Limit } from '../../platform/limiter.ts';
import type { Entry } from './gate.ts';
import { stampLimit } from './render-stamp.ts';
import { contentLimit } from './repeated-content.ts';

/** The windows that an entry is counted in besides the visitor's own. A full one only makes it suspect. */
export async function watchedLimits(entry: Omit<Entry, 'repeated'>): Promise<Limit[]> {
  const text = entry.lead.fields['notes'];
  const limits = await Promise.all([
    contentLimit(entry.form.id, typeof text === 'string' ? text : ''),
    stampLimit(entry),
  ]);
  return limits.filter((limit) => limit !== null);
}

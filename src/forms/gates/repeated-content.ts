import { sha256 } from '../../lib/hashing.ts';
import type { Limit } from '../../platform/limiter.ts';
import { pass, type Entry, type GateResult } from './gate.ts';
import { linksToOthers } from './links.ts';
import { hourMs } from '../../lib/units.ts';

/** How often one text may come to one form. */
const rate = { limit: 10, windowMs: hourMs };
/** Characters of a text that two people would hardly write alike. */
const leastText = 40;
const mailAddress = /[^\s@]@[^\s@]+\.[^\s@]/;

/** The window in which the same text is counted, whoever sends it; null for an entry with little text. */
export async function contentLimit(formId: string, message: string): Promise<Limit | null> {
  const text = message
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  if (text.length < leastText) return null;
  return { name: 'content', rate, subject: `${formId}:${await sha256(text)}` };
}

/**
 * Flags a text that came again and again where it leads away from the site, by a link or an address for mail. One that
 * does not is marked: sites put such texts into their forms for their visitors to send.
 */
export function checkRepeatedContent(
  entry: Pick<Entry, 'content' | 'form' | 'lead' | 'origin' | 'repeated'>,
): GateResult {
  if (!entry.repeated.includes('content')) return pass;
  const text = entry.lead.fields['notes'];
  const leadsAway = linksToOthers(entry).size > 0 || mailAddress.test(String(text));
  return leadsAway ? { flag: 'repeated_content' } : { mark: 'repeated_content' };
}

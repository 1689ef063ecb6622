import { sha256 } from '../../lib/hashing.ts';
import type { Limit } from '../../platform/limiter.ts';
import { pass, type Entry, type Verdict } from './gate.ts';

/** How often one text may come to one form: a site may have put it there for its visitors to send. */
const rate = { limit: 10, windowMs: 3_600_000 };
/** Characters of a text that two people would hardly write alike. */
const leastText = 40;

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

/** Flags a text that came again and again. */
export function checkRepeatedContent({ repeated }: Pick<Entry, 'repeated'>): Verdict {
  return repeated.includes('content') ? { flag: 'repeated_content' } : pass;
}

import { sha256 } from '../../lib/hashing.ts';
import type { Limit } from '../../platform/limiter.ts';
import { pass, type Entry, type Verdict } from './gate.ts';

/** How often one text may come to one form. */
const rate = { limit: 5, windowMs: 3_600_000 };

/** The window in which the same text is counted, whoever sends it; null for an entry with little text. */
export async function contentLimit(formId: string, message: string): Promise<Limit | null> {
  const text = message
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (text.length < 20) return null;
  return { name: 'content', rate, subject: `${formId}:${await sha256(text)}` };
}

/** Flags a text that came again and again. */
export function checkRepeatedContent({ repeated }: Entry): Verdict {
  return repeated ? { flag: 'repeated_content' } : pass;
}

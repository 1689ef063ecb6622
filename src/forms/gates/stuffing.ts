import type { ContentValue } from '../../lib/nest-fields.ts';
import { pass, type Entry, type Verdict } from './gate.ts';

/** More links than that are an advertisement. */
const maxLinks = 3;

const link = /\b(?:https?:\/\/|www\.)\S/gi;
const markup =
  /<\s*(?:script|iframe|a\s[^>]*href|img\s[^>]*src|style)\b|\[(?:url|link)=|javascript:/i;

/** Flags entries that are stuffed with links, or with markup that no visitor types. */
export function checkStuffing({ content }: Entry): Verdict {
  const texts = textsOf(content);
  if (texts.some((text) => markup.test(text))) return { flag: 'markup' };
  const links = texts.flatMap((text) => text.match(link) ?? []).length;
  return links > maxLinks ? { flag: 'links' } : pass;
}

function textsOf(value: ContentValue): string[] {
  if (typeof value === 'string') return [value];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap((item) => textsOf(item));
}

import { pass, type Entry, type GateResult } from './gate.ts';
import { linksToOthers, textsOf } from './links.ts';

/** More links than that to other sites are an advertisement. */
const maxLinks = 3;

// No two parts of these can match the same characters, so that a hostile text takes no longer than another.
const markup = [
  // A link as HTML or BBCode: a visitor writes the address alone.
  /<a\s[^<>]*\bhref\s*=\s*["']?(?:https?:|www\.|\/\/)/i,
  /\[(?:url|link)(?:=|\]\s*)["']?(?:https?:|www\.|\/\/)/i,
  // What runs or loads something. A tag that is only spoken of has neither content nor address.
  /<script\b[^<>]*(?:\bsrc\s*=|>[^<]*<\/script)/i,
  /<iframe\b[^<>]*\bsrc\s*=/i,
  /<[a-z][a-z\d-]*[\s/][^<>]*\bon[a-z]{3,20}\s*=\s*(?:["']|[\w.]+\()/i,
];

/** Flags entries that are stuffed with links to other sites, or with markup that does something. */
export function checkStuffing(entry: Pick<Entry, 'content' | 'form' | 'origin'>): GateResult {
  if (textsOf(entry.content).some(isMarkup)) return { flag: 'markup' };
  return linksToOthers(entry).size > maxLinks ? { flag: 'links' } : pass;
}

function isMarkup(text: string): boolean {
  return markup.some((pattern) => pattern.test(text));
}

import type { ContentValue } from '../../lib/content.ts';
import { pass, type Entry, type Verdict } from './gate.ts';

/** More links than that to other sites are an advertisement. */
const maxLinks = 3;

/** A comma may belong to an address, but far more often another one follows it. */
const link = /\b(?:https?:\/\/|www\.)[^\s<>"',;()[\]{}|\\^`]+/gi;

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
export function checkStuffing(entry: Pick<Entry, 'content' | 'form' | 'origin'>): Verdict {
  const texts = textsOf(entry.content);
  if (texts.some((text) => markup.some((pattern) => pattern.test(text)))) return { flag: 'markup' };
  const own = new Set([...entry.form.allowedOrigins, entry.origin ?? ''].map((url) => hostOf(url)));
  const links = texts
    // An input for an address holds nothing else; `page` and `referrer` come with every entry.
    .filter((text) => /\s/.test(text.trim()))
    .flatMap((text) => text.match(link) ?? [])
    .filter((address) => !own.has(hostOf(address)));
  return new Set(links).size > maxLinks ? { flag: 'links' } : pass;
}

function textsOf(value: ContentValue): string[] {
  if (typeof value === 'string') return [value];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap((item) => textsOf(item));
}

/** The host of a link, without the `www.` that sites answer to as well. */
function hostOf(address: string): string {
  const [, host = ''] = /^(?:https?:\/\/)?(?:www\.)?([^/?#]*)/i.exec(address) ?? [];
  return host.toLowerCase();
}

import type { ContentValue } from '../../lib/content.ts';
import type { Entry } from './gate.ts';

/** A comma may belong to an address, but far more often another one follows it. */
const link = /\b(?:https?:\/\/|www\.)[^\s<>"',;()[\]{}|\\^`]+/gi;

/** The links of an entry to sites that are neither the form's own nor the page's, each once. */
export function linksToOthers({
  content,
  form,
  origin,
}: Pick<Entry, 'content' | 'form' | 'origin'>): Set<string> {
  const own = new Set([...form.allowedOrigins, origin ?? ''].map((url) => hostOf(url)));
  const links = textsOf(content)
    // An input for an address holds nothing else; `page` and `referrer` come with every entry.
    .filter((text) => /\s/.test(text.trim()))
    .flatMap((text) => text.match(link) ?? []);
  return new Set(links.filter((address) => !own.has(hostOf(address))));
}

/** All that was typed, whatever it was typed into. */
export function textsOf(value: ContentValue): string[] {
  if (typeof value === 'string') return [value];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap((item) => textsOf(item));
}

/** The host of a link, without the `www.` that sites answer to as well. */
function hostOf(address: string): string {
  const [, host = ''] = /^(?:https?:\/\/)?(?:www\.)?([^/?#]*)/i.exec(address) ?? [];
  return host.toLowerCase();
}

import { parseEmail } from './email.ts';

/** What stands where an address was. */
export const erasedMark = '[erased]';

/** Finds the address of one person in texts: in any case, as URLs encode it, and with its domain in any spelling. */
export type AddressFinder = {
  /** Texts in lower case and ASCII, all of which are in every text that holds the address. */
  needles: string[];
  /** The text without the address; the same text where it does not hold it. */
  erase(text: string): string;
  /** The same for a text without words, in which an address may stand right after something else. */
  eraseAnywhere(text: string): string;
  /** The same for JSON, names included. A list loses the items that were nothing but the address. */
  eraseFromJson(json: string): string;
  /** Whether some value in JSON is the address and nothing else: a field for one's own. */
  isValueIn(json: string): boolean;
};

/** The finder for the person whom a key of {@link parseEmail} stands for. */
export function addressFinder(key: string): AddressFinder {
  const at = key.lastIndexOf('@');
  const [local, domain] = [key.slice(0, at), key.slice(at + 1)];
  // More before it would be another person. What ends there may be a sign that a URL has encoded, but for . _ + and -.
  const begin = String.raw`(?:(?<![\w.+-])|(?<=%(?!2[bde]|5f)[\da-f]{2}))`;
  const address = String.raw`${Array.from(local, orEncoded).join('')}(?:@|%40)((?:[\p{L}\p{N}\p{M}.。．｡-]|%[89a-f][\da-f])+)`;
  const replace = (text: string, pattern: RegExp) =>
    text.replaceAll(pattern, (found: string, after: string) => {
      const length = lengthOfDomain(after, domain);
      return length === null ? found : erasedMark + after.slice(length);
    });
  const anywhere = new RegExp(address, 'giu');
  const byItself = new RegExp(begin + address, 'giu');
  const erase = (text: string) => replace(text, byItself);
  const rebuild = (value: unknown): unknown => {
    if (typeof value === 'string') return erase(value);
    if (Array.isArray(value)) return value.map((item) => rebuild(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => [erase(name), rebuild(item)]);
    return Object.fromEntries(entries);
  };
  return {
    needles: [
      longestOf(local.match(/[a-z\d._-]+/g)),
      longestOf(domain.match(/(?<![^.])(?!xn--)[^.]+/g)),
    ].filter((needle) => needle !== ''),
    erase,
    eraseAnywhere: (text) => replace(text, anywhere),
    eraseFromJson(json) {
      const before: unknown = JSON.parse(json);
      const after = rebuild(before);
      if (JSON.stringify(after) === JSON.stringify(before)) return json;
      const left = Array.isArray(after) ? after.filter((item) => item !== erasedMark) : after;
      return JSON.stringify(left);
    },
    isValueIn(json) {
      const isIt = (value: unknown): boolean =>
        typeof value === 'string'
          ? parseEmail(value)?.key === key
          : typeof value === 'object' && value !== null && Object.values(value).some(isIt);
      return isIt(JSON.parse(json));
    },
  };
}

/** A pattern for one character, as it is or as a URL has it. */
function orEncoded(character: string): string {
  if (/[\w.~-]/.test(character)) return character.replace('.', String.raw`\.`);
  const encoded = encodeURIComponent(character);
  // Some that need not be encoded are, by those who want to be sure.
  const hex = character.charCodeAt(0).toString(16);
  const plain = character.replace(/[$()*+/?[\\\]^{|}]/, String.raw`\$&`);
  return `(?:${plain}|${encoded === character ? `%${hex}` : encoded})`;
}

/** How much of a text is a domain, where it begins with it; null where it begins with another one. */
function lengthOfDomain(text: string, domain: string): number | null {
  // A language without blanks goes on right after it.
  const parts = [text.replace(/[.。．｡-]+$/, ''), /^[\da-z.-]*[\da-z]/i.exec(text)?.[0] ?? ''];
  const found = parts.find((part) => parseEmail(`a@${decode(part)}`)?.key === `a@${domain}`);
  return found === undefined ? null : found.length;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function longestOf(texts: string[] | null): string {
  return (texts ?? []).toSorted((a, b) => b.length - a.length)[0] ?? '';
}

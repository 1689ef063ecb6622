import { parseEmail } from './email.ts';

/** What a domain may be made of, dots included, in whatever script. */
export const domainRun = String.raw`[\p{L}\p{N}\p{M}.．。｡-]{1,255}`;

/** Scripts that put no blanks between words. */
export const withoutBlanks = ['Han', 'Hira', 'Kana', 'Thai', 'Lao', 'Khmr', 'Mymr']
  .map((script) => String.raw`\p{scx=${script}}`)
  .join('');

/** What may stand in a whole address, and is rather the text around one: signs of URLs, dashes, quotes and words. */
const around = new RegExp(
  String.raw`^\s*(?:[&']|%[\da-f]{2})|[/?=#].*@|[^\s\p{L}\p{N}\p{M}!-~’].*@|\p{sc=Latin}[${withoutBlanks}]+\s*$`,
  'iu',
);
const topLevel = /\.(?:[a-z]+|xn--[a-z\d-]+)$/;

/** The key of an address that is all of a text, as it could be somebody's; null where it is none. */
export function wholeAddress(text: string): string | null {
  const key = parseEmail(text)?.key ?? '';
  return around.test(text) || !topLevel.test(key) ? null : key;
}

/** Says how much of a text that could be one is a domain, by its key; null where the text begins with another one. */
export function domainFinder(domain: string): (text: string) => number | null {
  const dots = domain.split('.').length - 1;
  const top = domain.slice(domain.lastIndexOf('.') + 1);
  const label = String.raw`[\p{L}\p{N}\p{M}-]{1,63}`;
  const labels = new RegExp(String.raw`^((?:${label}[.．。｡]){${dots}})(${label})`, 'u');
  return (text) => {
    const [, before = '', last = ''] = labels.exec(text) ?? [];
    for (let ending = last; ending !== ''; ending = ending.slice(0, lastBreak(ending))) {
      // Spares reading it as a URL for each place where it may end.
      if (!top.startsWith('xn--') && ending.normalize('NFKC').toLowerCase() !== top) continue;
      const found = before + ending;
      if (parseEmail(`a@${found}`)?.key !== `a@${domain}`) continue;
      return isLonger(ending, text.slice(found.length)) ? null : found.length;
    }
    return null;
  };
}

/** Where a label may have ended before: at its last hyphen, or where its script changes. */
function lastBreak(label: string): number {
  const run =
    /(?:-+|[\p{sc=Latin}\p{N}]+|\p{sc=Han}+|\p{sc=Hira}+|[\p{sc=Kana}ー]+|[^\p{sc=Latin}\p{N}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}ー-]+)$/u;
  return run.exec(label)?.index ?? 0;
}

/** Whether what follows makes a longer domain of it, by its end: that of a country, or one of the common ones. */
function isLonger(last: string, rest: string): boolean {
  // "Write to ada@example.org.Thanks": a sentence begins.
  if (/^[.．。｡]\p{Lu}/u.test(rest) && !/\p{Lu}/u.test(last)) return false;
  const plain = rest.normalize('NFKC').replace(/[.。-]+$/, '');
  return /[.。](?:[a-z]{2}|com|net|org|edu|gov|info|biz|xn--[a-z\d-]+)$/i.test(plain);
}

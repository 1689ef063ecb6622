/**
 * Reads a phone number as people write it. Kept as written, since a local number has no country: 5 to 15 digits
 * (E.164 allows no more), the usual separators, an extension. Word processors and web pages set numbers with blanks
 * and hyphens of their own, which come out as the plain ones. Returns null for what is no number.
 */
export function parsePhone(text: string): string | null {
  const number = text
    .trim()
    .replaceAll(/\p{Zs}/gu, ' ')
    .replaceAll(/[\u2010-\u2013]/g, '-');
  const match = /^\+?[\d ()./-]+(?<extension> *(x|ext\.?|#) *\d{1,6})?$/i.exec(number);
  if (number.length > 40 || match === null) return null;
  const extension = match.groups?.['extension'] ?? '';
  const digits = number.slice(0, number.length - extension.length).replaceAll(/\D/g, '').length;
  return digits >= 5 && digits <= 15 ? number : null;
}

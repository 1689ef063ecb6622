/**
 * A value as one cell of a table. Strangers may have written it: what would move a terminal's cursor, or turn its text
 * around, is left out.
 */
export function inWords(value: unknown): string {
  if (value === null) return '-';
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return words.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '');
}

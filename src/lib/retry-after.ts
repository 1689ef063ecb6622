/** As a date stands in a header: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7). */
const date = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads `Retry-After`: seconds or a date (RFC 9110, 10.2.3). Returns milliseconds from `now`, which is epoch
 * milliseconds; 0 for a date that is over, null for no header or one that cannot be read.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = date.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

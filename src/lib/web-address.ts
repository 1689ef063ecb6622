import * as z from 'zod/mini';

/** An origin as browsers send it, such as `https://example.com`. */
export const webOrigin = z.string().check(
  z.refine((text) => !text.includes('*') && originOf(text) === text, {
    error: 'must be an origin such as https://example.com, without a path',
    params: { code: 'invalid_origin' },
  }),
);

/** The address of a page: absolute, http or https, without a password. */
export const pageAddress = z.string().check(
  z.maxLength(2_048),
  z.refine((text) => originOf(text) !== null && new URL(text).username === '', {
    error: 'must be the address of a page, such as https://example.com/thanks',
    params: { code: 'invalid_url' },
  }),
);

/** The origin of an address of the web; null for anything else. */
export function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, origin } = new URL(text);
  return /^https?:$/.test(protocol) ? origin : null;
}

import * as z from 'zod/mini';
import { nullableParsed } from './text.ts';

/** An origin as browsers send it, such as `https://example.com`. */
const webOrigin = z.string().check(
  // The longest host name there can be, with its port.
  z.maxLength(270),
  z.refine((text) => !text.includes('*') && originOf(text) === text, {
    error: 'must be an origin such as https://example.com, without a path',
    params: { code: 'invalid_origin' },
  }),
);

/** At most 20 origins, each once. */
export const webOrigins = z.pipe(
  z.array(webOrigin).check(z.maxLength(20)),
  z.transform((origins) => [...new Set(origins)]),
);

const longestAddress = 2_048;

/** The address of a page: absolute, http or https, without a password; as browsers write it. Null where there is none. */
export const pageAddress = nullableParsed(longestAddress, parsePage, {
  code: 'invalid_url',
  message: 'must be the address of a page, such as https://example.com/thanks',
});

function parsePage(text: string): string | null {
  if (originOf(text) === null) return null;
  const { href, username, password } = new URL(text);
  return username === '' && password === '' && href.length <= longestAddress ? href : null;
}

/** The origin of an address of the web; null for anything else. */
export function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, origin } = new URL(text);
  return /^https?:$/.test(protocol) ? origin : null;
}

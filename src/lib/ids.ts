const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** The kinds of row that have an id of ours, and the prefix of each. */
export type IdPrefix =
  | 'aud'
  | 'cnf'
  | 'cns'
  | 'ers'
  | 'evt'
  | 'file'
  | 'form'
  | 'imp'
  | 'key'
  | 'lead'
  | 'list'
  | 'out'
  | 'sbr'
  | 'sub';

/**
 * Makes an id such as `lead_01jd3x…`: 48 bits of time and 80 random ones in Crockford base32 (the ULID layout,
 * https://github.com/ulid/spec), so that ids sort by age and a row has its id before the first try to store it.
 */
export function newId(prefix: IdPrefix, now: number): string {
  let random = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(16)))
    random += alphabet.charAt(byte % 32);
  return `${idsSince(prefix, now)}${random}`;
}

/** What comes before every id that was made at a moment or after it, and after all older ones. */
export function idsSince(prefix: IdPrefix, at: number): string {
  let time = '';
  for (let rest = Math.max(at, 0), i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) {
    time = alphabet.charAt(rest % 32) + time;
  }
  return `${prefix}_${time}`;
}

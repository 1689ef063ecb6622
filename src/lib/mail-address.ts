import { parseEmail } from './email.ts';

/** An address, and who is there: null where nobody says. */
export type MailAddress = { name: string | null; address: string };

/** A name in quotes or without them: `"Acme, Inc." <news@acme.com>` (RFC 5322, 3.4). */
const named = /^(?:"([^"\\<>\p{C}]*)"|([^"\\<>\p{C}]*?)) *<([^<>]*)>$/u;

/** What a name may hold without quotes: words as RFC 5322 has them, and letters of any language. */
const plainName = /^[\p{L}\p{M}\p{N} !#$%&'*+/=?^_`{|}~-]+$/u;

/** Reads `address` or `Name <address>`. Returns null for anything else. */
export function parseMailAddress(text: string): MailAddress | null {
  const [, quoted, plain, inside] = named.exec(text) ?? [];
  const email = parseEmail(inside ?? text);
  if (email === null) return null;
  return { name: (quoted ?? plain ?? '').trim() || null, address: email.address };
}

/** Whether it is `address` or `Name <address>`. */
export function isMailAddress(text: string): boolean {
  return parseMailAddress(text) !== null;
}

/** The text that {@link parseMailAddress} reads, with quotes where the name needs them. */
export function writeMailAddress({ name, address }: MailAddress): string {
  if (name === null) return address;
  return `${plainName.test(name) ? name : `"${name}"`} <${address}>`;
}

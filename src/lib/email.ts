/** An address as it was written, and the key under which it is one person. */
export type Email = { address: string; key: string };

const localPart = /^[^\s@"(),:;<>[\\\]\p{C}]{1,64}$/u;
const domainLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads one address. The key is lower case with the domain in punycode; `+tag` and dots stay, because only the
 * receiving server knows what they mean. Quoted local parts and address literals (RFC 5321) are refused: no form
 * visitor has one. Returns null for what is no address.
 */
export function parseEmail(text: string): Email | null {
  const address = text.trim();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  if (at < 1 || address.length > 254 || !localPart.test(local)) return null;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return null;
  const domain = asciiDomain(address.slice(at + 1));
  return domain === null ? null : { address, key: `${local.toLowerCase()}@${domain}` };
}

/**
 * Where mail to an address most likely ends up, by its key: for limits alone, since no more than most servers put `+tag`
 * into the same mailbox. Gmail's has two domains, and reads over dots.
 */
export function mailboxOf(key: string): string {
  const at = key.lastIndexOf('@');
  const local = key.slice(0, at).replace(/(.)\+.*/, '$1');
  const domain = key.slice(at + 1);
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com';
  return isGmail ? `${local.replaceAll('.', '')}@gmail.com` : `${local}@${domain}`;
}

/**
 * An address as every mail server takes it, its domain in punycode; null where its local part has other letters than
 * ASCII's, which few do.
 */
export function asciiAddress(address: string): string | null {
  const key = parseEmail(address)?.key ?? '';
  const local = address.trim().slice(0, address.trim().lastIndexOf('@'));
  if (key === '' || !/^[\x21-\x7e]+$/.test(local)) return null;
  return `${local}${key.slice(key.lastIndexOf('@'))}`;
}

function asciiDomain(domain: string): string | null {
  // URL drops characters that nobody sees, which the address as it was written would keep.
  if (!/^[^\s/?#\\:@%[\]\p{C}]+$/u.test(domain) || !URL.canParse(`http://${domain}`)) return null;
  const host = new URL(`http://${domain}`).hostname;
  const labels = host.split('.');
  const topLevel = labels.at(-1) ?? '';
  if (labels.length < 2 || !labels.every((label) => domainLabel.test(label))) return null;
  return host.length > 253 || /^\d+$/.test(topLevel) || topLevel.length < 2 ? null : host;
}

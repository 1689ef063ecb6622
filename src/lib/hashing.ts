const encoder = new TextEncoder();
const derived = new Map<string, CryptoKey>();

/** What a key derived from the application secret is for. One purpose's hashes say nothing about another's. */
export type Purpose =
  | 'api-key'
  | 'confirmation'
  | 'idempotency'
  | 'ip-address'
  | 'mail-domain'
  | 'mail-link'
  | 'mailbox'
  | 'recipient'
  | 'render-stamp'
  | 'subject';

/** HMAC-SHA-256 in hex, under a key that HKDF (RFC 5869) makes from the secret for this one purpose. */
export async function keyedHash(secret: string, purpose: Purpose, text: string): Promise<string> {
  const key = await deriveKey(secret, purpose);
  return toHex(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
}

/** SHA-256 in hex. */
export async function sha256(content: string | BufferSource): Promise<string> {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  return toHex(await crypto.subtle.digest('SHA-256', bytes));
}

/** Whether two texts are equal, in a time that depends only on their lengths. */
export function equalInConstantTime(left: string, right: string): boolean {
  const [a, b] = [encoder.encode(left), encoder.encode(right)];
  let difference = a.length ^ b.length;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

async function deriveKey(secret: string, purpose: Purpose): Promise<CryptoKey> {
  const name = `${purpose} ${secret}`;
  // The finished key is kept, never the promise: one request cannot wait for another's promise.
  const known = derived.get(name);
  if (known !== undefined) return known;
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, [
    'deriveKey',
  ]);
  const key = await crypto.subtle.deriveKey(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(),
      info: encoder.encode(`inlet ${purpose}`),
    },
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );
  derived.set(name, key);
  return key;
}

function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

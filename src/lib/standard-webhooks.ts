import { equalInConstantTime } from './hashing.ts';

/** A message whose sender is who they say, or why it is not taken. */
export type Verification = { id: string } | { refused: 'unsigned' | 'stale' | 'wrong_signature' };

/** How far the sender's clock may be from ours, in seconds: a message that was overheard is soon worth nothing. */
const toleranceS = 300;

/** A dot would let one signature stand for two messages: it is what parts them. */
const messageId = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;

const encoder = new TextEncoder();

/**
 * Checks who has sent a message, as https://www.standardwebhooks.com and Svix have it: HMAC-SHA-256 over its id, time
 * and body. Several signatures stand side by side while the sender changes its secret; one has to be right.
 */
export async function verifyWebhook(
  secret: string,
  headers: Headers,
  body: Uint8Array,
  now: number,
): Promise<Verification> {
  const prefix = headers.has('svix-id') ? 'svix' : 'webhook';
  const [id = '', timestamp = '', signatures = ''] = ['id', 'timestamp', 'signature'].map(
    (name) => headers.get(`${prefix}-${name}`) ?? '',
  );
  const key = webhookKey(secret);
  if (key === null || !messageId.test(id) || !/^\d{1,12}$/.test(timestamp) || signatures === '') {
    return { refused: 'unsigned' };
  }
  const ageS = Math.floor(now / 1_000) - Number(timestamp);
  if (Math.abs(ageS) > toleranceS) return { refused: 'stale' };
  const expected = await sign(key, `${id}.${timestamp}.`, body);
  const isGenuine = signatures
    .split(' ')
    .map((each) => equalInConstantTime(each, `v1,${expected}`))
    .includes(true);
  return isGenuine ? { id } : { refused: 'wrong_signature' };
}

/** The bytes of a secret: `whsec_` and at least 24 of them in base64. Null for anything else. */
export function webhookKey(secret: string): Uint8Array<ArrayBuffer> | null {
  const [, text = '', padding = ''] = /^whsec_([A-Za-z\d+/]+)(={0,2})$/.exec(secret) ?? [];
  if ((text.length + padding.length) % 4 !== 0) return null;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return bytes.length >= 24 ? bytes : null;
}

async function sign(
  key: Uint8Array<ArrayBuffer>,
  start: string,
  body: Uint8Array,
): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  const head = encoder.encode(start);
  const content = new Uint8Array(head.length + body.length);
  content.set(head);
  content.set(body, head.length);
  const signature = await crypto.subtle.sign('HMAC', imported, content);
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}

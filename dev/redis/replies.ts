import type { Reply } from './store.ts';

type Json = null | number | string | Json[];

/** A reply in the shape that Upstash sends. `base64` is what the client asked for with `Upstash-Encoding`. */
export function toResult(reply: Reply, base64: boolean): { result: Json } | { error: string } {
  if (reply instanceof Error) return { error: reply.message };
  // Only a bare OK stays as it is: inside an array the SDK decodes it like any other string.
  if (isOk(reply)) return { result: 'OK' };
  return { result: toJson(reply, base64) };
}

function isOk(reply: Reply): boolean {
  if (typeof reply === 'string') return reply === 'OK';
  return reply instanceof Uint8Array && reply.toString() === 'OK';
}

function toJson(reply: Reply, base64: boolean): Json {
  if (reply === null || typeof reply === 'number') return reply;
  if (Array.isArray(reply)) return reply.map((element) => toJson(element, base64));
  const bytes = Buffer.isBuffer(reply)
    ? reply
    : Buffer.from(reply instanceof Error ? reply.message : reply);
  return bytes.toString(base64 ? 'base64' : 'utf8');
}

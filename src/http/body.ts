import type * as z from 'zod/mini';
import { AppError } from '../errors.ts';
import { within } from '../lib/within.ts';
import { outsideDeadline } from '../platform/deadline.ts';
import type { AppContext } from './context.ts';
import { parseHeader, refuseCoding } from './media-type.ts';
import { check, clean } from '../lib/check.ts';

const maxBytes = 32 * 1024;
/** A sender that is silent for so long has gone; a JSON body has to be whole by then. */
const pauseMs = 10_000;

/** A body that was read: its exact text, for fingerprints; the JSON in it, in NFC; and what the contract made of that. */
export type ReadBody<T> = { text: string; json: Record<string, unknown>; value: T };

/**
 * Reads a JSON body once and checks it against a contract. Throws 415, 413, 400 for what cannot be read, 422 for
 * what can but may not be so. Texts come out in Unicode NFC.
 */
export async function readJson<T extends z.ZodMiniType>(
  c: AppContext,
  schema: T,
): Promise<ReadBody<z.output<T>>> {
  const text = await readJsonText(c, maxBytes);
  const json = clean(parseJson(text));
  return { text, json: json as Record<string, unknown>, value: check(schema, json) };
}

/** The same of a body that may be larger, the parts of which are to be cleaned and checked one by one. */
export async function readLargeJson<T extends z.ZodMiniType>(
  c: AppContext,
  schema: T,
  limit: number,
): Promise<z.output<T>> {
  return check(schema, parseJson(await readJsonText(c, limit)));
}

function readJsonText(c: AppContext, limit: number): Promise<string> {
  requireJson(c);
  return outsideDeadline(c.var.deps, () => readText(c.req.raw, limit));
}

function requireJson(c: AppContext): void {
  const { type, parameters } = parseHeader(c.req.header('Content-Type') ?? '');
  if (type !== 'application/json' || !/^utf-8$/i.test(parameters.get('charset') ?? 'utf-8')) {
    throw new AppError('unsupported_media_type', 'Send application/json in UTF-8.');
  }
  refuseCoding(c);
}

/** The body as text. Throws 413 above the limit, 400 when it is not UTF-8 or does not arrive whole within 10 s. */
export async function readText(request: Request, limit = maxBytes): Promise<string> {
  return toText(await readBytes(request, limit));
}

/** The body as it was sent, for what is signed. Throws as above. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const limits = { maxBytes: limit, withinMs: pauseMs, tooLarge: tooLarge(limit) };
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of receiveBody(request, limits)) chunks.push(chunk);
  } catch (error) {
    throw error instanceof AppError ? error : unreadable();
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** What bytes say in UTF-8. Throws 400 where they are none. */
export function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw unreadable();
  }
}

function unreadable(): AppError {
  return new AppError('unreadable_body', 'The body is not UTF-8, or did not arrive whole.');
}

/** How much of a body is read, for how long, and the 413 for one that is larger. */
export type BodyLimits = { maxBytes: number; withinMs: number; tooLarge: AppError };

/** The 413 for a body of more bytes than this. */
export function tooLarge(most: number): AppError {
  return new AppError('body_too_large', `What is sent may hold at most ${most} bytes.`);
}

/** The body as it arrives. Throws `tooLarge` above the limit, 400 when it takes too long, or pauses for 10 s. */
export async function* receiveBody(
  request: Request,
  { maxBytes, withinMs, tooLarge }: BodyLimits,
): AsyncGenerator<Uint8Array, void> {
  const late = new AppError(
    'unreadable_body',
    `The body did not arrive within ${withinMs / 1_000} s, or paused for ${pauseMs / 1_000} s.`,
  );
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) throw tooLarge;
  const reader = request.body?.getReader();
  if (reader === undefined) return;
  const endsAt = Date.now() + withinMs;
  let size = 0;
  try {
    for (;;) {
      const left = Math.min(pauseMs, endsAt - Date.now());
      const { done, value } = await within(left, late, reader.read());
      if (done) return;
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge;
      yield value;
    }
  } finally {
    // Whatever is still on its way is not waited for.
    reader.cancel().catch(() => {});
  }
}

/** The JSON in a text. Throws 400 where there is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('unreadable_body', 'The body is not JSON.');
  }
}

import type * as z from 'zod/mini';
import { AppError } from '../errors.ts';
import type { AppContext } from './context.ts';
import { check, clean } from './validate.ts';

const maxBytes = 32 * 1024;
const withinMs = 10_000;

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
  requireJson(c);
  const { deps } = c.var;
  const startedAt = deps.now();
  const text = await readText(c.req.raw);
  // A slow visitor uses up none of the time that we have for the work.
  deps.deadline.at += deps.now() - startedAt;
  const json = clean(parse(text));
  return { text, json: json as Record<string, unknown>, value: check(schema, json) };
}

function requireJson(c: AppContext): void {
  const [type = '', ...parameters] = (c.req.header('Content-Type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  if (
    type.trim() !== 'application/json' ||
    (charset !== undefined && !/^charset="?utf-8"?$/.test(charset))
  ) {
    throw new AppError('unsupported_media_type', 'Send application/json in UTF-8.');
  }
  if (!/^(identity)?$/i.test(c.req.header('Content-Encoding') ?? '')) {
    throw new AppError('unsupported_media_type', 'Send the body without a content encoding.');
  }
}

/** The body as text. Throws 413 above 32 KiB, 400 when it is not UTF-8 or does not arrive whole within 10 s. */
export async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let text = '';
  try {
    for await (const chunk of limitBody(request, maxBytes)) {
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('unreadable_body', 'The body is not UTF-8, or did not arrive whole.');
  }
}

/** The body as it arrives, which fails with 413 above a number of bytes, and with 400 after 10 s. */
export function limitBody(request: Request, maxBytes: number): ReadableStream<Uint8Array> {
  const tooLarge = new AppError('body_too_large', `The body may hold at most ${maxBytes} bytes.`);
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) throw tooLarge;
  const reader = request.body?.getReader();
  const limit = startTimer();
  let size = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = await Promise.race([reader?.read(), limit.passed]);
      size += chunk?.value?.byteLength ?? 0;
      if (chunk?.value !== undefined && size <= maxBytes) {
        controller.enqueue(chunk.value);
        return;
      }
      limit.stop();
      if (size > maxBytes) throw tooLarge;
      controller.close();
    },
    cancel: () => limit.stop(),
  });
}

function startTimer(): { passed: Promise<never>; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('unreadable_body', 'The body did not arrive within 10 s.'));
    }, withinMs);
  });
  return { passed, stop: () => clearTimeout(timer) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('unreadable_body', 'The body is not JSON.');
  }
}

import type * as z from 'zod/mini';
import { AppError, invalidFields, type FieldError } from '../errors.ts';
import type { AppContext } from './context.ts';

const maxBytes = 32 * 1024;
const maxDepth = 4;
const maxKeys = 100;

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
  const text = await readText(c.req.raw);
  const json = clean(parse(text));
  return { text, json: json as Record<string, unknown>, value: check(schema, json) };
}

/** Checks query parameters against a contract; the last of a repeated one counts for none: it is refused. */
export function readQuery<T extends z.ZodMiniType>(c: AppContext, schema: T): z.output<T> {
  const repeated = Object.entries(c.req.queries()).filter(([, values]) => values.length > 1);
  if (repeated.length > 0) {
    throw invalidFields(
      repeated.map(([field]) => ({ field, code: 'repeated', message: 'may be given only once' })),
    );
  }
  return check(schema, clean(c.req.query()));
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
  if ((c.req.header('Content-Encoding') ?? 'identity') !== 'identity') {
    throw new AppError('unsupported_media_type', 'Send the body without a content encoding.');
  }
}

async function readText(request: Request): Promise<string> {
  const tooLarge = new AppError('body_too_large', `The body may hold at most ${maxBytes} bytes.`);
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) throw tooLarge;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let [size, text] = [0, ''];
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge;
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error === tooLarge) throw error;
    throw new AppError('unreadable_body', 'The body is not UTF-8, or did not arrive whole.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('unreadable_body', 'The body is not JSON.');
  }
}

/** Rebuilds parsed JSON within bounds, in NFC, refusing texts that a database cannot hold and dangerous keys. */
function clean(value: unknown): unknown {
  const errors: FieldError[] = [];
  let keys = 0;
  const walk = (at: unknown, path: string[]): unknown => {
    if (typeof at === 'string') return cleanText(at, path, errors);
    if (typeof at !== 'object' || at === null) return at;
    if (path.length >= maxDepth) throw tooComplex();
    const entries = Object.entries(at);
    keys += entries.length;
    if (keys > maxKeys) throw tooComplex();
    if (Array.isArray(at)) return at.map((item, index) => walk(item, [...path, String(index)]));
    const copy: Record<string, unknown> = {};
    for (const [key, item] of entries) {
      if (['__proto__', 'constructor', 'prototype'].includes(key)) {
        errors.push({
          field: [...path, key].join('.'),
          code: 'unknown_field',
          message: 'is not a field',
        });
      } else {
        copy[cleanText(key, path, errors)] = walk(item, [...path, key]);
      }
    }
    return copy;
  };
  const cleaned = walk(value, []);
  if (errors.length > 0) throw invalidFields(errors);
  return cleaned;
}

function cleanText(text: string, path: string[], errors: FieldError[]): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters to refuse
  if (!text.isWellFormed() || /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) {
    errors.push({
      field: path.join('.').toWellFormed(),
      code: 'invalid_text',
      message: 'holds control characters or half a character',
    });
  }
  return text.normalize('NFC');
}

function tooComplex(): AppError {
  return new AppError(
    'unreadable_body',
    `At most ${maxDepth} levels and ${maxKeys} values are read.`,
  );
}

function check<T extends z.ZodMiniType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw invalidFields(result.error.issues.flatMap((issue) => fieldErrors(issue)));
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      code: 'unknown_field',
      message: 'is not a field that may be set here',
    }));
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  if (missing) return [{ field, code: 'required', message: 'is required' }];
  const code = issue.code === 'custom' ? String(issue.params?.['code'] ?? 'invalid') : issue.code;
  return [{ field, code, message: sentenceFor(issue) }];
}

/** A sentence without its subject, which is the field. */
function sentenceFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'invalid_type':
      return `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${countedIn(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${countedIn(issue.origin)}`;
    case 'invalid_format':
      return `must be a valid ${issue.format}`;
    default:
      return 'is not valid';
  }
}

function countedIn(origin: string): string {
  if (origin === 'array') return ' items';
  return origin === 'string' ? ' characters' : '';
}

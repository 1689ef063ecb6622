import type * as z from 'zod/mini';
import { AppError, invalidFields, type FieldError } from '../errors.ts';

const maxDepth = 4;

/** Rebuilds what was sent within bounds, in NFC, refusing texts that a database cannot hold and dangerous keys. */
export function clean(value: unknown, maxKeys = 100): unknown {
  const errors: FieldError[] = [];
  let keys = 0;
  const walk = (at: unknown, path: string[]): unknown => {
    if (typeof at === 'string') return cleanText(at, path, errors);
    if (typeof at !== 'object' || at === null) return at;
    if (path.length >= maxDepth) throw tooComplex(maxKeys);
    const entries = Object.entries(at);
    keys += entries.length;
    if (keys > maxKeys) throw tooComplex(maxKeys);
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

function tooComplex(maxKeys: number): AppError {
  return new AppError(
    'unreadable_body',
    `At most ${maxDepth} levels and ${maxKeys} values are read.`,
  );
}

/** What a contract makes of a value. Throws `validation_failed` with an error for each field. */
export function check<T extends z.ZodMiniType>(schema: T, value: unknown): z.output<T> {
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

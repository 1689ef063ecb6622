import { AppError } from '../errors.ts';
import {
  emptyContent,
  isDangerous,
  maxDepth,
  type Content,
  type ContentValue,
} from '../lib/content.ts';
import { toPlainText } from '../lib/plain-text.ts';

type Reviver = (this: unknown, name: string, value: unknown, at: { source: string }) => unknown;

/**
 * Reads a JSON object as the other encodings would send it: what is true is the text `true`, a number is as it was
 * written, with all its digits; null is nothing, and of a name that comes twice the last one counts. Throws 400 for
 * what is no object, or too deep.
 */
export function readJsonContent(text: string): Content {
  let parsed: unknown;
  try {
    parsed = JSON.parse(
      text,
      keepDigits as (this: unknown, name: string, value: unknown) => unknown,
    );
  } catch {
    throw new AppError('unreadable_body', 'The body is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AppError('unreadable_body', 'The body is not a JSON object.');
  }
  return toContent(parsed, 0);
}

/** Ids of other systems have more digits than a number of JavaScript's holds. */
const keepDigits: Reviver = (_name, value, at) => (typeof value === 'number' ? at.source : value);

function toContent(record: object, depth: number): Content {
  const content = emptyContent();
  for (const [name, value] of Object.entries(record)) {
    const key = toPlainText(name);
    if (value !== null && !isDangerous(key)) content[key] = toValue(value, depth + 1);
  }
  return content;
}

function toValue(value: unknown, depth: number): ContentValue {
  if (typeof value !== 'object' || value === null) return toPlainText(String(value));
  if (depth >= maxDepth) {
    throw new AppError('unreadable_body', `The JSON may be ${maxDepth} levels deep.`);
  }
  if (!Array.isArray(value)) return toContent(value, depth);
  return value.filter((item) => item !== null).map((item) => toValue(item, depth + 1));
}

import * as z from 'zod/mini';

/** The number of characters (code points), which is also what SQLite's `length()` counts. */
export function characters(text: string): number {
  return Array.from(text).length;
}

/** The first characters (code points) of a text. */
export function firstCharacters(text: string, count: number): string {
  return Array.from(text).slice(0, count).join('');
}

/** Control characters, and those that turn the direction of what follows: no line of text needs them. */
const notOfALine = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** One line of text without white space around it, of `min` to `max` characters. */
export function textOf(min: number, max: number) {
  return linesOf(min, max).check(
    z.refine((text) => !notOfALine.test(text), {
      error: 'must be one line without control characters',
      params: { code: 'invalid_text' },
    }),
  );
}

/** Text of any number of lines, without white space around it, of `min` to `max` characters. */
export function linesOf(min: number, max: number) {
  return z.string().check(
    z.trim(),
    z.refine((text) => characters(text) >= min, {
      error: min === 1 ? 'must not be empty' : `must have at least ${min} characters`,
      params: { code: 'too_short' },
    }),
    z.refine((text) => characters(text) <= max, {
      error: `must have at most ${max} characters`,
      params: { code: 'too_long' },
    }),
  );
}

/** Text that `parse` understands; null from it is a failure. */
export function parsedText<T>(
  max: number,
  parse: (text: string) => T | null,
  failure: { code: string; message: string },
) {
  return z.pipe(textOf(1, max), transformBy(parse, failure));
}

/** Text that may be empty or null, which both come out as null: forms send every field that they have. */
export function nullableText(max: number) {
  return emptyToNull(textOf(0, max));
}

/** Lines that may be empty or null, which both come out as null. */
export function nullableLines(max: number) {
  return emptyToNull(linesOf(0, max));
}

function emptyToNull(text: z.ZodMiniString) {
  return z.pipe(
    z.nullable(text),
    z.transform((given) => (given === '' ? null : given)),
  );
}

/** Text that `parse` understands, or null. An empty one comes out as null. */
export function nullableParsed<T>(
  max: number,
  parse: (text: string) => T | null,
  failure: { code: string; message: string },
) {
  const read = transformBy(parse, failure);
  return z.pipe(nullableText(max), z.nullable(read));
}

function transformBy<T>(
  parse: (text: string) => T | null,
  failure: { code: string; message: string },
) {
  return z.transform((text: string, payload): T => {
    const parsed = parse(text);
    if (parsed !== null) return parsed;
    const { code, message } = failure;
    payload.issues.push({ code: 'custom', input: text, message, params: { code } });
    return z.NEVER;
  });
}

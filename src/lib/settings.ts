import * as z from 'zod/mini';
import { parsedText } from './text.ts';

/** Items between commas. */
export const list = z.pipe(
  z.string(),
  z.transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ),
);

/** Items between commas, whose case means nothing. */
export const lowerCaseList = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text) => text.toLowerCase()),
  ),
  list,
);

/** A number from 0 to 1, written out: `Number` alone would read an empty text as 0, and 0x1 as 1. */
export const share = parsedText(
  20,
  (text) => (/^(0?\.\d+|0|1(\.0+)?)$/.test(text) ? Number(text) : null),
  { code: 'share', message: 'must be a number from 0 to 1, such as 0.1' },
);

/** A text of which this holds; the message is a sentence without its subject. */
export function textThat(holds: (text: string) => boolean, message: string) {
  return z.string().check(z.refine(holds, message));
}

/** A text that somebody made at random: not short, monotonous or copied from an example. */
export function secretOf(atLeast: number, tooShort: string) {
  return z.string().check(
    z.minLength(atLeast, tooShort),
    z.refine((text) => new Set(text).size >= 12, 'is not random'),
    z.refine(
      (text) => !/example|change.?me|replace|placeholder|your[-_ ]|secret/i.test(text),
      'is an example',
    ),
  );
}

/** A var that is empty counts as not set. */
export function unlessEmpty<T extends z.ZodMiniType>(schema: T) {
  return z.optional(
    z.pipe(
      z.transform((value: unknown) => (value === '' ? undefined : value)),
      z.optional(schema),
    ),
  );
}

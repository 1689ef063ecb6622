import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type * as z from 'zod/mini';
import {
  characters,
  nullableParsed,
  nullableText,
  parsedText,
  linesOf,
  textOf,
} from '../../src/lib/text.ts';

const failure = { code: 'no_number', message: 'must be a number' };
const toNumber = (text: string) => (/^\d+$/.test(text) ? Number(text) : null);

const messages = (schema: z.ZodMiniType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe('the length of a text', () => {
  it.for([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 2],
    ['😀', 1],
    ['👩‍👩‍👧‍👦', 7],
    ['مرحبا', 5],
    ['\ud83d', 1],
  ] as const)('of %j is %d', ([text, length], { expect }) => {
    expect(characters(text)).toBe(length);
  });

  it('adds up', ({ expect }) => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (one, two) => {
        expect(characters(one + two)).toBe(characters(one) + characters(two));
      }),
    );
  });
});

describe('a text field', () => {
  it('is trimmed before it is measured, and says what is wrong in words', ({ expect }) => {
    const schema = textOf(2, 3);
    expect(schema.parse(' \u00a0\ufeff😀😀\n')).toBe('😀😀');
    expect(messages(schema, ' a ')).toEqual(['must have at least 2 characters']);
    expect(messages(schema, '😀😀😀😀')).toEqual(['must have at most 3 characters']);
    expect(messages(textOf(1, 3), ' \t')).toEqual(['must not be empty']);
  });

  it('is taken exactly when its length is within bounds', ({ expect }) => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', 'é', '漢', '😀', '-') }),
        fc.nat(8),
        fc.nat(8),
        (text, min, more) => {
          const { length } = Array.from(text.trim());
          const within = length >= min && length <= min + more;
          expect(textOf(min, min + more).safeParse(text).success).toBe(within);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is one line, without control characters or turned directions', ({ expect }) => {
    for (const text of ['a\nb', 'a\r\nb', 'a\tb', 'a\u0085b', '\u202eab', 'a\u2066b']) {
      expect(textOf(1, 10).safeParse(text).success).toBe(false);
    }
    expect(linesOf(1, 10).safeParse('a\nb').success).toBe(true);
  });

  it('may be read further, with a failure of its own', ({ expect }) => {
    const schema = parsedText(3, toNumber, failure);
    expect(schema.parse(' 42 ')).toBe(42);
    expect(messages(schema, 'abc')).toEqual(['must be a number']);
    expect(messages(schema, '')).toEqual(['must not be empty']);
    expect(messages(schema, '1234')).toEqual(['must have at most 3 characters']);
    expect(schema.safeParse(null).success).toBe(false);
  });

  it('may be empty, and is then null', ({ expect }) => {
    for (const empty of ['', ' \n', null]) {
      expect(nullableText(3).parse(empty)).toBeNull();
      expect(nullableParsed(3, toNumber, failure).parse(empty)).toBeNull();
    }
    expect(nullableText(3).parse(' a ')).toBe('a');
    expect(nullableParsed(3, toNumber, failure).parse(' 42 ')).toBe(42);
    expect(messages(nullableParsed(3, toNumber, failure), 'abc')).toEqual(['must be a number']);
    for (const wrong of [undefined, 5, [], {}]) {
      expect(nullableText(3).safeParse(wrong).success).toBe(false);
    }
  });
});

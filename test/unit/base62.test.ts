import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { randomBase62, toBase62 } from '../../src/lib/base62.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const valueOf = (text: string) =>
  Array.from(text).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);

describe('a number in base 62', () => {
  it.for([
    [0, 6, '000000'],
    [61, 2, '0z'],
    [62, 2, '10'],
    [4_294_967_295, 6, '4gfFC3'],
  ] as const)('%d in %d characters is %s', ([number, length, text], { expect }) => {
    expect(toBase62(number, length)).toBe(text);
  });

  it('keeps every 32-bit number in 6 characters, and their order', ({ expect }) => {
    const number = fc.nat(2 ** 32 - 1);
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(valueOf(toBase62(a, 6))).toBe(a);
        expect(toBase62(a, 6) < toBase62(b, 6)).toBe(a < b);
      }),
    );
  });
});

describe('a random text', () => {
  it('has the length that was asked for, of letters and digits alone', ({ expect }) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (length) => {
        const text = randomBase62(length);
        expect(text).toHaveLength(length);
        expect(text).toMatch(/^[0-9A-Za-z]*$/);
      }),
    );
  });

  it('favours no character: a guess is as bad as any other', ({ expect }) => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 1_550; i += 1) {
      for (const digit of randomBase62(100)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    // 2,500 are expected of each, with a standard deviation of 50; without the rejection eight would have 3,027.
    expect(counts.size).toBe(62);
    expect(Math.max(...counts.values())).toBeLessThan(2_850);
    expect(Math.min(...counts.values())).toBeGreaterThan(2_150);
  });
});

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { parseRate } from '../../src/lib/rate.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

describe('a rate', () => {
  it.for([
    ['1000/1h', 1_000, 3_600_000],
    ['10/15m', 10, 900_000],
    ['1/1s', 1, 1_000],
    ['999999999/9999d', 999_999_999, 863_913_600_000],
  ] as const)('%s is %d in %d ms', ([text, limit, windowMs], { expect }) => {
    expect(parseRate(text)).toEqual({ limit, windowMs });
  });

  it.for([
    '',
    '10',
    '/1h',
    '10/h',
    '10/1',
    '0/1h',
    '010/1h',
    '10/0h',
    '10/1w',
    '10/1H',
    '-10/1h',
    '1.5/1h',
    '1e3/1h',
    '1_000/1h',
    '10 / 1h',
    ' 10/1h',
    '10/1h\n',
    '10/1h 10/1m',
    '1000000000/1h',
    '10/10000d',
    '١٠/1h',
  ])('is not %j', (text, { expect }) => {
    expect(parseRate(text)).toBeNull();
  });

  it('is read as it is written', ({ expect }) => {
    const count = fc.integer({ min: 1, max: 999_999_999 });
    const span = fc.integer({ min: 1, max: 9_999 });
    const unit = fc.constantFrom('s', 'm', 'h', 'd');
    fc.assert(
      fc.property(count, span, unit, (limit, spans, letter) => {
        const windowMs = spans * unitMs[letter];
        expect(parseRate(`${limit}/${spans}${letter}`)).toEqual({ limit, windowMs });
      }),
    );
  });
});

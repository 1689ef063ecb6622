import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { newId } from '../../src/lib/ids.ts';
import { toIso } from '../../src/lib/time.ts';

const timeOf = (id: string) => id.slice(0, 15);
const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('an id', () => {
  it('says what it is of and is safe in an address', ({ expect }) => {
    expect(newId('lead', Date.now())).toMatch(/^lead_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(newId('form', 0)).toMatch(/^form_0{10}[0-9a-hjkmnp-tv-z]{16}$/);
  });

  it('sorts by the time at which it was made', ({ expect }) => {
    fc.assert(
      fc.property(fc.uniqueArray(instant, { minLength: 2, maxLength: 10 }), (times) => {
        const inOrder = times.toSorted((a, b) => a - b).map((at) => newId('lead', at));
        const byText = times.map((at) => newId('lead', at)).toSorted();
        expect(byText.map(timeOf)).toEqual(inOrder.map(timeOf));
      }),
    );
  });

  it('sorts by time across every carry, from one millisecond to the next', ({ expect }) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 47 }), (bits) => {
        expect(newId('evt', 2 ** bits - 1) < newId('evt', 2 ** bits)).toBe(true);
      }),
    );
  });

  it('is never made twice, not even in one millisecond', ({ expect }) => {
    const now = Date.now();
    const ids = Array.from({ length: 5_000 }, () => newId('lead', now));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a time', () => {
  it('is shown in UTC and read back to the millisecond', ({ expect }) => {
    expect(toIso(0)).toBe('1970-01-01T00:00:00.000Z');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (at) => {
        expect(Date.parse(toIso(at))).toBe(at);
      }),
    );
  });
});

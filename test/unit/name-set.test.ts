import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { holdsNumber, isPacked, numberOf, packNumbers } from '../../src/lib/name-set.ts';

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 200 });

describe('a packed set of names', () => {
  it('holds what was put in, and nothing else', ({ expect }) => {
    fc.assert(
      fc.property(numbers, numbers, (inside, others) => {
        const packed = view(packNumbers(inside));
        for (const number of [...inside, ...others, 0, 0xffffffff]) {
          expect(holdsNumber(packed, number)).toBe(inside.includes(number));
        }
        expect(isPacked(packed)).toBe(inside.length > 0);
      }),
    );
  });

  it('knows a name by the beginning of its SHA-256', async ({ expect }) => {
    // printf acme.com | sha256sum
    expect(await numberOf('acme.com')).toBe(0x1194228d);
  });

  it.for([
    ['nothing', []],
    ['a part of a number', [0, 0, 0, 1, 0]],
    ['a number twice', [0, 0, 0, 1, 0, 0, 0, 1]],
    ['a lower one after a higher one', [0, 0, 0, 2, 0, 0, 0, 1]],
    ['a page', Array.from('<!doctype html><p>Not found</p> ', (char) => char.charCodeAt(0))],
  ] as const)('is not %s', ([, bytes], { expect }) => {
    expect(isPacked(view(Uint8Array.from(bytes)))).toBe(false);
  });
});

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { mintKey, readMode } from '../../src/keys/key-format.ts';

const kind = fc.constantFrom('publishable' as const, 'secret' as const);
const mode = fc.constantFrom('live' as const, 'test' as const);
const key = fc.tuple(kind, mode).map(([of, at]) => mintKey(of, at));
const base62 = fc.stringMatching(/^[0-9A-Za-z]$/);

describe('an API key', () => {
  it('says whose it is and where it works, and is read back', ({ expect }) => {
    fc.assert(
      fc.property(kind, mode, (of, at) => {
        const text = mintKey(of, at);
        expect(text).toMatch(/^inlet_(pk|sk)_(live|test)_[0-9A-Za-z]{38}$/);
        expect(text.startsWith(`inlet_${of === 'secret' ? 'sk' : 'pk'}_${at}_`)).toBe(true);
        expect(readMode(text)).toBe(at);
      }),
    );
  });

  it('is accepted with a checksum that others can compute', ({ expect }) => {
    // Python's zlib.crc32 of the first 46 characters is 1186796781, which is 1IJg3Z in base 62.
    const body = `inlet_sk_test_${'0'.repeat(32)}`;
    expect(readMode(`${body}1IJg3Z`)).toBe('test');
  });

  it('is refused when one character of it is another', ({ expect }) => {
    fc.assert(
      fc.property(key, fc.nat(51), base62, (text, at, other) => {
        fc.pre(text[at] !== other);
        expect(readMode(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('is refused when two neighbours have changed places', ({ expect }) => {
    fc.assert(
      fc.property(key, fc.integer({ min: 14, max: 50 }), (text, at) => {
        const [one = '', two = ''] = text.slice(at, at + 2);
        fc.pre(one !== two);
        expect(readMode(text.slice(0, at) + two + one + text.slice(at + 2))).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('is refused with anything before, after or missing', ({ expect }) => {
    const extra = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(key, extra, fc.nat(51), (text, more, at) => {
        expect(readMode(more + text)).toBeNull();
        expect(readMode(text + more)).toBeNull();
        expect(readMode(text.slice(0, at))).toBeNull();
        expect(readMode(text.slice(0, at) + text.slice(at + 1))).toBeNull();
      }),
    );
    expect(readMode(`${mintKey('secret', 'live')}\n`)).toBeNull();
  });

  it('is not any other text', ({ expect }) => {
    const almost = fc.stringMatching(/^inlet_(pk|sk)_(live|test)_[0-9A-Za-z]{38}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), almost), (text) => {
        expect(readMode(text)).toBeNull();
      }),
    );
  });
});

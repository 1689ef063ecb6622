import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { equalInConstantTime, keyedHash, sha256 } from '../../src/lib/hashing.ts';

const secret = 'a secret of the known vectors';

describe('a hash', () => {
  it('is SHA-256 as in FIPS 180-4', async ({ expect }) => {
    expect(await sha256('')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(await sha256('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('a keyed hash', () => {
  // Computed with Python's hmac: HKDF (RFC 5869, no salt, info "inlet <purpose>"), then HMAC-SHA-256.
  it.for([
    ['api-key', '51f1f8c88cc3b74b9ace214a662a17c70a4994c5c9099a0f4f25308bcc7133ec'],
    ['ip-address', 'dd5bde90dcd007446cedd2aba1d83e21a3f91a4ba4ee68634e0b497483a7f4cf'],
  ] as const)(
    'for the purpose %s stays what rows were stored with',
    async ([purpose, hash], { expect }) => {
      expect(await keyedHash(secret, purpose, 'Grüße')).toBe(hash);
      expect(await keyedHash(secret, purpose, 'Grüße')).toBe(hash);
    },
  );

  it('differs by secret, by purpose and by text', async ({ expect }) => {
    const hashes = await Promise.all([
      keyedHash(secret, 'api-key', 'text'),
      keyedHash(`${secret}!`, 'api-key', 'text'),
      keyedHash(secret, 'ip-address', 'text'),
      keyedHash(secret, 'api-key', 'text!'),
    ]);
    expect(new Set(hashes).size).toBe(4);
  });
});

describe('a comparison in constant time', () => {
  it('says what === says', ({ expect }) => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(equalInConstantTime(a, b)).toBe(a === b);
        expect(equalInConstantTime(a, a)).toBe(true);
        expect(equalInConstantTime(a, a + b)).toBe(b === '');
        expect(equalInConstantTime(a + b, a)).toBe(b === '');
      }),
    );
  });

  it('sees one changed character anywhere', ({ expect }) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), fc.nat(63), (hash, at) => {
        const changed = hash.slice(0, at) + (hash[at] === '0' ? '1' : '0') + hash.slice(at + 1);
        expect(equalInConstantTime(hash, changed)).toBe(false);
      }),
    );
  });
});

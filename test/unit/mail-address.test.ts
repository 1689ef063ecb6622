import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { parseMailAddress, writeMailAddress } from '../../src/lib/mail-address.ts';

describe('a mail address', () => {
  it.for([
    ['news@acme.com', null, 'news@acme.com'],
    ['Acme <news@acme.com>', 'Acme', 'news@acme.com'],
    ['  Acme News<news@acme.com>', 'Acme News', 'news@acme.com'],
    ['"Acme, Inc." <news@acme.com>', 'Acme, Inc.', 'news@acme.com'],
    ['Acme, Inc. <news@acme.com>', 'Acme, Inc.', 'news@acme.com'],
    ['Büro Nürnberg <büro@nürnberg.de>', 'Büro Nürnberg', 'büro@nürnberg.de'],
    ['<news@acme.com>', null, 'news@acme.com'],
    ['"" <news@acme.com>', null, 'news@acme.com'],
  ] as const)('%s is read', ([text, name, address], { expect }) => {
    expect(parseMailAddress(text.trim())).toEqual({ name, address });
  });

  it.for([
    '',
    'Acme',
    'Acme <>',
    'Acme <news>',
    'Acme <news@acme.com',
    'Acme news@acme.com',
    'Acme <news@acme.com> and more',
    'Acme <news@acme.com>, Other <other@acme.com>',
    'a@acme.com, b@acme.com',
    'Ac"me <news@acme.com>',
    'Acme\n<news@acme.com>',
    'Acme <new\ns@acme.com>',
    'Acme <<news@acme.com>',
    '"Ac\nme" <news@acme.com>',
    '"Ac\u202eme" <news@acme.com>',
    'Acme\r\nBcc: x@acme.com <news@acme.com>',
  ])('%s is refused', (text, { expect }) => {
    expect(parseMailAddress(text)).toBeNull();
  });

  it('is quoted where its name needs it', ({ expect }) => {
    const address = 'news@acme.com';
    expect(writeMailAddress({ name: null, address })).toBe(address);
    expect(writeMailAddress({ name: 'Büro 1', address })).toBe(`Büro 1 <${address}>`);
    expect(writeMailAddress({ name: 'Acme, Inc.', address })).toBe(`"Acme, Inc." <${address}>`);
  });

  it('that was read is written so that it is read again', ({ expect }) => {
    const text = fc
      .array(fc.constantFrom('"', '<', '>', ' ', ',', '@', '\\', 'a', 'ü', '.', '\n', 'a@b.de'))
      .map((parts) => parts.join(''));
    let read = 0;
    const property = fc.property(text, fc.boolean(), (before, alone) => {
      const parsed = parseMailAddress(alone ? before : `${before}<a@b.de>`);
      if (parsed === null) return;
      read += 1;
      expect(parseMailAddress(writeMailAddress(parsed))).toEqual(parsed);
      expect(writeMailAddress(parsed)).not.toMatch(/\n/);
    });
    fc.assert(property, { numRuns: 2_000 });
    expect(read).toBeGreaterThan(100);
  });
});

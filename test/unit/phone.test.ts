import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { parsePhone } from '../../src/lib/phone.ts';

const separator = fc.constantFrom('', '', '', ' ', '-', '.', '/', '(', ')');

const pastedAs = (plain: string, forms: string) =>
  fc.constantFrom(...Array.from(forms)).map((pasted) => ({ pasted, plain }));

describe('a phone number', () => {
  it.for([
    '12345',
    '+49 30 901820',
    '+1 (555) 123-4567',
    '030/901820',
    '030.90.18.20',
    '555 1234 x9',
    '555 1234 ext. 123456',
    '555 1234#7',
    '+123456789012345',
  ])('is kept as it was written: %s', (text, { expect }) => {
    expect(parsePhone(` ${text}\n`)).toBe(text);
  });

  it.for([
    ['no-break spaces', '+49\u00a030\u00a0901820', '+49 30 901820'],
    ['narrow no-break spaces', '01\u202f23\u202f45\u202f67\u202f89', '01 23 45 67 89'],
    ['thin spaces', '555\u20091234 x\u20099', '555 1234 x 9'],
    ['hyphens', '555\u20101234', '555-1234'],
    ['no-break hyphens', '555\u20111234', '555-1234'],
    ['figure dashes', '555\u20121234', '555-1234'],
    ['en dashes', '030 901820\u20130', '030 901820-0'],
  ] as const)('that was pasted with %s is kept with plain ones', ([, text, plain], { expect }) => {
    expect(parsePhone(text)).toBe(plain);
  });

  it('is the same number however its blanks and hyphens are set', ({ expect }) => {
    const part = fc.oneof(
      fc.constantFrom('0', '1', '9', '/').map((plain) => ({ pasted: plain, plain })),
      pastedAs(' ', ' \u00a0\u2007\u2009\u202f\u3000'),
      pastedAs('-', '-\u2010\u2011\u2012\u2013'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 38 }), (parts) => {
        const number = (as: 'pasted' | 'plain') => `1${parts.map((each) => each[as]).join('')}1`;
        expect(parsePhone(number('pasted'))).toBe(parsePhone(number('plain')));
      }),
    );
  });

  it.for([
    ['nothing', ''],
    ['four digits', '1234'],
    ['four digits and an extension', '1234 x56789'],
    ['16 digits', '1234567890123456'],
    ['no digits', '+() -'],
    ['words', 'call me'],
    ['a letter among the digits', '03O 901820'],
    ['a plus in the middle', '030+901820'],
    ['an extension without digits', '030 901820 x'],
    ['an extension of 7 digits', '030 901820 x1234567'],
    ['digits that no dialler knows', '٠٣٠٩٠١٨٢٠'],
    ['41 characters', `12345${' '.repeat(35)}6`],
    ['a second line', '030 901820\n030 901821'],
    ['a tab', '030\t901820'],
    ['a second number', '030 901820, 030 901821'],
    ['an em dash', '030\u2014901820'],
    ['a soft hyphen', '030\u00ad901820'],
    ['an emoji', '030 901820 😀'],
  ] as const)('is refused with %s', ([, text], { expect }) => {
    expect(parsePhone(text)).toBeNull();
  });

  it('may have 5 to 15 digits, with any of the usual separators', ({ expect }) => {
    const digit = fc.tuple(fc.integer({ min: 0, max: 9 }).map(String), separator);
    const number = (minLength: number, maxLength: number) =>
      fc
        .array(digit, { minLength, maxLength })
        .map((parts) => parts.flat().join(''))
        .filter((text) => text.length <= 40);
    fc.assert(
      fc.property(number(5, 15), (text) => {
        expect(parsePhone(text)).toBe(text.trim());
      }),
    );
    fc.assert(
      fc.property(number(16, 20), (text) => {
        expect(parsePhone(text)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(number(0, 4), (text) => {
        expect(parsePhone(text)).toBeNull();
      }),
    );
  });
});

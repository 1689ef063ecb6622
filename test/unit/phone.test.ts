import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { parsePhone } from '../../src/lib/phone.ts';

const separator = fc.constantFrom('', '', '', ' ', '-', '.', '/', '(', ')');

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

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { addressFinder, erasedMark } from '../../src/lib/address-in-text.ts';
import { parseEmail } from '../../src/lib/email.ts';

const local = fc
  .stringMatching(/^[a-zA-Z\dü!#$%&'*+/=?^_`{|}~-]{1,12}(\.[a-zé\d]{1,5})?$/u)
  // What looks like an encoded character reads as one.
  .filter((text) => !/%[\da-f]{2}/i.test(text));
/** As most people's are: letters and digits, with a sign between them at times. */
const plainLocal = fc.stringMatching(/^[a-z\dé]{1,6}([.+_'’-][a-z\dé]{1,4}){0,2}$/u);
const domain = fc.constantFrom(
  ...['a.example', 'A.Example', 'bücher.example', '例子.广告', 'shop-1.co.uk', 'ｂü-ｃ．example'],
);
const keyOf = (address: string) => parseEmail(address)?.key ?? '';

/** How an address may be written into a text. */
const spelling = fc.constantFrom<(address: string) => string>(
  (address) => address,
  (address) => address.toUpperCase(),
  (address) => encodeURIComponent(address),
  (address) => encodeURIComponent(encodeURIComponent(address)),
  (address) => encodeURIComponent(address).replaceAll('.', '%2E'),
  (address) => address.replace('@', '＠'),
);
const before = fc.constantFrom(
  '',
  ' ',
  '<',
  '"',
  "'",
  '(',
  'mailto:',
  '?e=',
  '/',
  '%20',
  '%3D',
  '…',
  ', ',
);
const after = fc.constantFrom(
  '',
  ' ',
  '>',
  '"',
  "'",
  ')',
  '?a',
  '&a=b',
  '. ',
  '.',
  ',',
  '%20',
  '…',
);
/** Anything that neither goes on with the address nor is one. */
const words = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[@＠%]/g, ''));

describe('an address in any text', () => {
  it('is found between whatever separates, in any spelling', ({ expect }) => {
    const text = fc.tuple(words, before, spelling, after, words);
    fc.assert(
      fc.property(local, domain, text, (name, host, [left, open, spell, close, right]) => {
        const address = `${name}@${host}`;
        const { erase, needles } = addressFinder(keyOf(address));
        const spelled = `${left} ${open}${spell(address)}${close} ${right}`;
        expect(erase(spelled)).toBe(`${left} ${open}${erasedMark}${close} ${right}`);
        const lower = spelled.toLowerCase();
        expect(lower).toContain(needles.word);
        const isWide = /[！-～]|%ef%b/.test(lower);
        for (const some of [needles.withSign, ...(isWide ? [] : [needles.withDomain])]) {
          expect(some.some((needle) => lower.includes(needle))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is no part of the whole address of somebody else', ({ expect }) => {
    const longer = fc.tuple(
      fc.stringMatching(/^[a-zé\d!$%*+^_`'{|}~.-]{0,8}$/u),
      fc.constantFrom('', '.org', '.thanks'),
    );
    fc.assert(
      fc.property(local, domain, longer, (name, host, [more, end]) => {
        const other = `${more}${name}@${host}${end}`;
        const key = keyOf(`${name}@${host}`);
        fc.pre(
          ![null, undefined, key].includes(parseEmail(other)?.key) &&
            !/^([&']|%[\da-f]{2})|[/?=#]/i.test(other),
        );
        const { erase, eraseFromJson } = addressFinder(key);
        expect(erase(other)).toBe(other);
        const json = JSON.stringify({ to: [other] });
        expect(eraseFromJson(json)).toBe(json);
      }),
      { numRuns: 150 },
    );
  });

  it('is no part of that of somebody else in a text, where theirs is a plain one', ({ expect }) => {
    fc.assert(
      fc.property(plainLocal, domain, before, after, (name, host, open, close) => {
        const text = `See ${open}${name}@${host}${close} now`;
        for (let at = 1; at < name.length; at += 1) {
          const key = parseEmail(`${name.slice(at)}@${host}`)?.key;
          if (key !== undefined) expect(addressFinder(key).erase(text)).toBe(text);
        }
      }),
      { numRuns: 60 },
    );
  });
});

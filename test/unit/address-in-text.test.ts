import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { addressFinder } from '../../src/lib/address-in-text.ts';
import { parseEmail } from '../../src/lib/email.ts';

const ada = addressFinder('ada.l+news@xn--bcher-kva.example');

describe('an address in a text', () => {
  it.for([
    ['ada.l+news@bücher.example', '[erased]'],
    ['Write to Ada.L+News@BÜCHER.example.', 'Write to [erased].'],
    ['<ada.l+news@xn--bcher-kva.example>, bob@a.example', '<[erased]>, bob@a.example'],
    ['mailto:ada.l+news@bücher.example?subject=a', 'mailto:[erased]?subject=a'],
    ['/?email=ada.l%2Bnews%40b%C3%BCcher.example&a=b', '/?email=[erased]&a=b'],
    ['/?next=%3Ae%3Dada.l%2bnews%40xn--bcher-kva.example%26a', '/?next=%3Ae%3D[erased]%26a'],
    ["'ada.l+news@bücher。example'", "'[erased]'"],
    ['はada.l+news@xn--bcher-kva.exampleです', 'は[erased]です'],
    ['ada.l+news@bücher.example ADA.L+NEWS@bücher.example', '[erased] [erased]'],
  ] as const)('is found in %j', ([text, left], { expect }) => {
    expect(ada.erase(text)).toBe(left);
  });

  it.for([
    'ada.l@bücher.example',
    'l+news@bücher.example',
    'x.ada.l+news@bücher.example',
    'x%2Bada.l+news@bücher.example',
    'ada.l+news@bücher.example.org',
    'ada.l+news@my.bücher.example',
    'ada.l+news@bucher.example',
    'adaxl+news@bücher.example',
    'ada.l+news@bücher.%C3',
    'ada.l+news at bücher.example',
  ])('is not that of another person, as in %j', (text, { expect }) => {
    expect(ada.erase(text)).toBe(text);
  });

  it('may stand right after something else, where a text has no words', ({ expect }) => {
    expect(ada.eraseAnywhere('lead-of-ADA.l+news@bücher.example-1')).toBe(
      'lead-of-ADA.l+news@bücher.example-1',
    );
    expect(ada.eraseAnywhere('lead-of-ADA.l+news@bücher.example:1')).toBe('lead-of-[erased]:1');
  });

  it('is found in JSON: in values, in names, and as an item of a list', ({ expect }) => {
    const finder = addressFinder('ada@a.example');
    const erased = (value: unknown) => JSON.parse(finder.eraseFromJson(JSON.stringify(value)));
    expect(erased({ a: ['\nada@a.example', 1, null], 'ADA@a.example': { b: true } })).toEqual({
      ...{ a: ['\n[erased]', 1, null], '[erased]': { b: true } },
    });
    expect(erased(['bob@a.example', 'Ada@a.example'])).toEqual(['bob@a.example']);
    const others = '{ "email" : "bada@a.example" }';
    expect(finder.eraseFromJson(others)).toBe(others);
  });

  it('is one’s own where a value is nothing else', ({ expect }) => {
    const own = { fields: [{ value: ' ADA.l+news@bücher.example ' }] };
    expect(ada.isValueIn(JSON.stringify(own))).toBe(true);
    const other = { message: 'Ask ada.l+news@bücher.example', a: null };
    expect(ada.isValueIn(JSON.stringify(other))).toBe(false);
  });

  it('is found wherever it stands, whatever it is made of', ({ expect }) => {
    const local = fc.stringMatching(/^[a-zA-Z\dü!#$%&'*+/=?^_`{|}~-]{1,12}(\.[a-zé\d]{1,5})?$/u);
    const domain = fc.constantFrom('a.example', 'A.Example', 'bücher.example', '例子.广告');
    fc.assert(
      fc.property(local, domain, fc.boolean(), (name, host, encoded) => {
        const address = `${name}@${host}`;
        const key = parseEmail(address)?.key ?? '';
        const finder = addressFinder(key);
        const text = `a ${encoded ? encodeURIComponent(address) : address}, b`;
        expect(finder.erase(text)).toBe('a [erased], b');
        for (const needle of finder.needles) expect(text.toLowerCase()).toContain(needle);
      }),
    );
  });

  it('takes no time that grows faster than the text', ({ expect }) => {
    const text = 'ada.l+news@'.repeat(20_000);
    expect(ada.erase(text)).toBe(text);
  });
});

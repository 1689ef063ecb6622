import { describe, it } from 'vitest';
import { addressFinder } from '../../src/lib/address-in-text.ts';

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
    ['ada.l+news@ada.l+news@bücher.example', 'ada.l+news@[erased]'],
    ['See /path/ada.l+news@bücher.example', 'See /path/[erased]'],
    ['/path/ada.l+news@bücher.example', '/path/[erased]'],
    ['?e=ada.l+news@bücher.example', '?e=[erased]'],
    ['email=ada.l+news@bücher.example', 'email=[erased]'],
    ['…ada.l+news@bücher.example', '…[erased]'],
    ['=ada.l+news@bücher.example', '=[erased]'],
    ['https://a.example/?a=b&ada.l+news@bücher.example', 'https://a.example/?a=b&[erased]'],
    ['"ada.l+news@bücher.example"', '"[erased]"'],
    ['/?r=ada.l+news@bücher.example%A0now', '/?r=[erased]%A0now'],
    ['To Bob|ada.l+news@bücher.example', 'To Bob|[erased]'],
    ['To Bob--ada.l+news@bücher.example', 'To Bob--[erased]'],
    ['Write to...ada.l+news@bücher.example', 'Write to...[erased]'],
    ['Write to ada.l+news@bücher.example.Thanks', 'Write to [erased].Thanks'],
    ['Write to ada.l+news@bücher.example.thanks', 'Write to [erased].thanks'],
    ['Write to ada.l+news@bücher.example.So long', 'Write to [erased].So long'],
    ['Write to ada.l+news@bücher.example-thanks', 'Write to [erased]-thanks'],
    ['Write to ada.l+news@ｂüｃｈｅｒ．ｅｘａｍｐｌｅ', 'Write to [erased]'],
    ['Write to ada.l+news＠bücher.example', 'Write to [erased]'],
    ['はada.l+news@bücher.exampleです。次は', 'は[erased]です。次は'],
    ['ada.l%2Bnews%40b%C3%BCcher%2Eexample', '[erased]'],
    [
      '/?r=%2Fa%3Fe%3Dada.l%252Bnews%2540b%25C3%25BCcher.example%26f',
      '/?r=%2Fa%3Fe%3D[erased]%26f',
    ],
    ['/?r=%E3%81%AFada.l%2Bnews@bücher.example%20', '/?r=%E3%81%AF[erased]%20'],
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
    'see ada.l+news@bücher.example.org.',
    'see ada.l+news@bücher.example.co.uk',
    'see ADA.L+NEWS@BÜCHER.EXAMPLE.UK',
    'see Ada.L+News@Bücher.Example.Uk',
    'see ada.l+news@bücher.example-shop.com',
    'see ada.l+news@bücher.example%2Eorg',
    'ada.l+news@bücher.example.thanks',
    "see o'ada.l+news@bücher.example",
    'see o’ada.l+news@bücher.example',
    'see r&ada.l+news@bücher.example',
    'see o%27ada.l%2Bnews%40bücher.example',
    'see éada.l+news@bücher.example',
    'see e\u0301ada.l+news@bücher.example',
    '{ada.l+news@bücher.example',
    'ada.l+news at bücher.example',
  ])('is not that of another person, as in %j', (text, { expect }) => {
    expect(ada.erase(text)).toBe(text);
  });

  it('may stand right after something else, where a text has no words', ({ expect }) => {
    expect(ada.eraseAnywhere('lead-of-ADA.l+news@bücher.example-1')).toBe('lead-of-[erased]-1');
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

  it('takes no time that grows faster than the text', ({ expect }) => {
    const text = 'ada.l+news@'.repeat(20_000);
    expect(ada.erase(text)).toBe(text);
  });
});

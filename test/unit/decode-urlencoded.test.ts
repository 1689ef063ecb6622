import { describe, it } from 'vitest';
import { decodeUrlencoded } from '../../src/lib/decode-urlencoded.ts';

describe('an urlencoded form', () => {
  it.for([
    ['', []],
    ['a=1', [['a', '1']]],
    [
      'a=1&a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['a', [['a', '']]],
    ['=1', [['', '1']]],
    ['&&a=1&', [['a', '1']]],
    ['a=b=c', [['a', 'b=c']]],
    ['a+b=c+d', [['a b', 'c d']]],
    ['a=1%2B1%3D2%26', [['a', '1+1=2&']]],
    ['a%5B0%5D=1', [['a[0]', '1']]],
    ['name=Zo%C3%AB+%F0%9F%98%80', [['name', 'Zoë 😀']]],
    ['name=Zoë', [['name', 'Zoë']]],
    [
      'a=100%&b=%zz&c=%4',
      [
        ['a', '100%'],
        ['b', '%zz'],
        ['c', '%4'],
      ],
    ],
    ['a=%EF%BB%BFb', [['a', '\ufeffb']]],
  ] as const)('%j is read', ([text, entries], { expect }) => {
    expect(decodeUrlencoded(text)).toEqual(entries);
  });

  it.for(['name=Zo%EB', '%ff=1', 'a=%C3', 'a=%ED%A0%80', 'a=%C0%80', 'a=%C3+%A9'])(
    '%j is not in UTF-8',
    (text, { expect }) => {
      expect(decodeUrlencoded(text)).toBeNull();
    },
  );
});

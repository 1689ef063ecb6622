import { describe, it } from 'vitest';
import { contentText, emptyContent, type Content } from '../../src/lib/content.ts';
import { nestFields } from '../../src/lib/nest-fields.ts';

const nest = (...entries: [string, string][]) =>
  JSON.parse(JSON.stringify(nestFields(entries))) as Content;

describe('the names of inputs', () => {
  it.for([
    ['a plain one', [['a', '1']], { a: '1' }],
    [
      'a repeated one',
      [
        ['a', '1'],
        ['a', '2'],
        ['a', '3'],
      ],
      { a: ['1', '2', '3'] },
    ],
    ['a list', [['a[]', '1']], { a: ['1'] }],
    [
      'a list with places',
      [
        ['a[0]', '1'],
        ['a[1]', '2'],
      ],
      { a: ['1', '2'] },
    ],
    [
      'a place that is taken',
      [
        ['a[0]', '1'],
        ['a[0]', '2'],
      ],
      { a: [['1', '2']] },
    ],
    [
      'a name within a name',
      [
        ['a[b]', '1'],
        ['a[c]', '2'],
      ],
      { a: { b: '1', c: '2' } },
    ],
    [
      'a dot',
      [
        ['a.b', '1'],
        ['a.c', '2'],
      ],
      { a: { b: '1', c: '2' } },
    ],
    [
      'dots, then brackets',
      [
        ['a.b[]', '1'],
        ['a.b[]', '2'],
      ],
      { a: { b: ['1', '2'] } },
    ],
    [
      'places after dots',
      [
        ['a.0', '1'],
        ['a.1', '2'],
      ],
      { a: ['1', '2'] },
    ],
    [
      'people',
      [
        ['p[0][n]', 'x'],
        ['p[0][m]', 'y'],
        ['p[1][n]', 'z'],
      ],
      { p: [{ n: 'x', m: 'y' }, { n: 'z' }] },
    ],
    [
      'a record with numbers',
      [
        ['a[b]', '1'],
        ['a[0]', '2'],
      ],
      { a: { b: '1', 0: '2' } },
    ],
    ['no name', [['', '1']], { '': '1' }],
  ] as const)('may be %s', ([, entries, content], { expect }) => {
    expect(nest(...(entries as unknown as [string, string][]))).toEqual(content);
  });

  it.for([
    'a[',
    'a]',
    '[a]',
    '[]',
    'a[b]c',
    'a[[b]]',
    'a[]b[]',
    'Do you agree? Yes.No',
    'a..b',
    '.a',
    'a.',
    'a.b c',
    'q[7]',
    'a[b][c][d][e][f][g][h][i]',
  ])('mean nothing in %j, which stays as it is', (name, { expect }) => {
    expect(nest([name, '1'])).toEqual({ [name]: '1' });
  });

  it.for([
    [
      [
        ['a', '1'],
        ['a[b]', '2'],
      ],
      { a: '1', 'a[b]': '2' },
    ],
    [
      [
        ['a[b]', '1'],
        ['a[]', '2'],
      ],
      { a: { b: '1' }, 'a[]': '2' },
    ],
    [
      [
        ['a[]', '1'],
        ['a[b]', '2'],
      ],
      { a: ['1'], 'a[b]': '2' },
    ],
    [
      [
        ['a[b]', '1'],
        ['a', '2'],
      ],
      { a: [{ b: '1' }, '2'] },
    ],
    [
      [
        ['a[0]', '1'],
        ['a[2]', '3'],
      ],
      { a: ['1'], 'a[2]': '3' },
    ],
    [
      [
        ['a[b]', '1'],
        ['a[b][c]', '2'],
        ['a[b][c]', '3'],
      ],
      { a: { b: '1' }, 'a[b][c]': ['2', '3'] },
    ],
  ] as const)(
    'lose nothing where they contradict each other: %j',
    ([entries, content], { expect }) => {
      expect(nest(...(entries as unknown as [string, string][]))).toEqual(content);
    },
  );

  it.for([
    '__proto__',
    'constructor',
    'prototype',
    '__proto__[admin]',
    'a[__proto__]',
    'a.constructor.prototype',
    'a[0][__proto__][admin]',
  ])('cannot be %s', (name, { expect }) => {
    const content = nestFields([
      [name, 'true'],
      ['b', '1'],
    ]);
    expect(Object.keys(content)).toEqual(['b']);
    expect({}).not.toHaveProperty('admin');
  });

  it('may be those of methods, which are only names', ({ expect }) => {
    const content = nestFields([
      ['toString', '1'],
      ['a.hasOwnProperty', '2'],
    ]);
    expect(JSON.stringify(content)).toBe('{"toString":"1","a":{"hasOwnProperty":"2"}}');
    expect(Object.getPrototypeOf(content['a'])).toBeNull();
  });
});

describe('a value as one text', () => {
  it('says what is in it once', ({ expect }) => {
    expect(contentText('a')).toBe('a');
    expect(contentText(['a', ' ', 'b', 'a'])).toBe('a, b');
    expect(contentText(Object.assign(emptyContent(), { first: 'Ada', last: 'L' }))).toBe('Ada L');
  });
});

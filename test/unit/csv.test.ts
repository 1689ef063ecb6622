import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { csvHead, csvLine } from '../../src/lib/csv.ts';

/** What another program reads. */
const read = (text: string): string[][] =>
  parse(text, { bom: true, record_delimiter: '\r\n', relax_column_count: true });

const readCell = (cell: string): string => read(csvLine([cell, 'next']))[0]?.[0] ?? '';

const signs = '=+\\-@＝＋－＠﹦﹢﹣﹫';

/** Takes our apostrophes away again, as docs/api.md says. */
function restore(cell: string): string {
  const ours = new RegExp(
    `^'(?='*[\\t\\r\\n\\0])|(?<=^|[;\\t\\r\\n])'(?='*(?:(?![\\t\\r\\n])["\\s\\p{C}])*[${signs}])`,
    'gu',
  );
  return cell.replaceAll(ours, '');
}

/** Texts of what matters in a CSV file and to a spreadsheet, more often than chance would have it. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...Array.from('=+-@＝＋－＠﹦﹢﹣﹫'),
        "'",
        '"',
        '""',
        ',',
        ';',
        '\t',
        '\r',
        '\n',
        '\r\n',
      ),
      fc.constantFrom(' ', '\u00a0', '\u200b', '\ufeff', '\0', '|', 'a', '1', '🦊', 'é'),
      fc.string({ unit: 'grapheme' }),
    ),
  )
  .map((parts) => parts.join(''));

/** The cells that a program makes of a file whose separator it takes to be another one. */
const splitOtherwise = (text: string): string[] => text.split(/[,;\t\r\n]/);

describe('a CSV file', () => {
  it('is read by another program as it was written, but for our apostrophes', ({ expect }) => {
    const rows = fc.array(fc.array(hostileText, { minLength: 2, maxLength: 5 }), { minLength: 1 });
    fc.assert(
      fc.property(rows, (rows) => {
        const text = csvHead(['one', 'two']) + rows.map((row) => csvLine(row)).join('');
        const [head, ...found] = read(text);
        expect(head).toEqual(['one', 'two']);
        expect(found.map((row) => row.map((cell) => restore(cell)))).toEqual(rows);
      }),
    );
  });

  it('begins no cell with a formula, whatever reads it', ({ expect }) => {
    const formula = new RegExp(`^[\\s\\p{C}]*[${signs}]|^[\\t\\r\\n\\0]`, 'u');
    fc.assert(
      fc.property(hostileText, (text) => {
        const cell = readCell(text);
        expect(cell).not.toMatch(formula);
        for (const part of cell.split(/[;\t\r\n]/)) {
          expect(part).not.toMatch(new RegExp(`^["\\s\\p{C}]*[${signs}]`, 'u'));
        }
      }),
    );
  });

  it('leaves a text without any such sign as it is', ({ expect }) => {
    const plain = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !/[=+\-@＝＋－＠﹦﹢﹣﹫\s\p{C}]/u.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(readCell(text)).toBe(text);
      }),
    );
  });

  it.for([
    ['=1+1', "'=1+1"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['+49 30 1234567', "'+49 30 1234567"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\n=1', "'\n'=1"],
    ['\tplain', "'\tplain"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠a', "'＠a"],
    ['﹦1', "'﹦1"],
    ['  =1', "'  =1"],
    ['\u200b=1', "'\u200b=1"],
    ['\u00a0=1', "'\u00a0=1"],
    ["'=1", "''=1"],
    ['a;=1;b', "a;'=1;b"],
    // Between semicolons, "" is an empty quotation and what follows a formula.
    ['x;"=1+1;', 'x;\'"=1+1;'],
    ['"=1', '\'"=1'],
    ['a\n=1\nb', "a\n'=1\nb"],
    ['a\r\n=1', "a\r\n'=1"],
    ['a\n\nb', 'a\n\nb'],
    ["'tis", "'tis"],
    ['a=1', 'a=1'],
    ['ada+news@example.org', 'ada+news@example.org'],
    ['', ''],
  ] as const)('makes %j %j', ([text, cell], { expect }) => {
    expect(readCell(text)).toBe(cell);
    expect(restore(cell)).toBe(text);
  });

  it('quotes as RFC 4180 says, and begins with what tells Excel its encoding', ({ expect }) => {
    expect(csvHead(['id', 'notes'])).toBe('\uFEFFid,notes\r\n');
    const cells = ['a', 'b,c', 'say "hi"', 'two\nlines', ' edge ', 'x;y', null, 7, { 'a"': [1] }];
    expect(csvLine(cells)).toBe(
      'a,"b,c","say ""hi""","two\nlines"," edge ","x;y",,7,"{""a\\"""":[1]}"\r\n',
    );
  });

  it('opened with another separator has no cell with a formula of ours either', ({ expect }) => {
    const text = csvLine(['Ada', 'a;=HYPERLINK("http://x")\n=1+1\n- milk;\t@b']);
    expect(splitOtherwise(text).filter((cell) => /^["\s]*[=+\-@]/.test(cell))).toEqual([]);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import { findColumns, toRow } from '../../cli/csv-columns.ts';
import { readCsv, surveyCsv, type CsvRow } from '../../cli/csv-file.ts';
import { cleanUp, makeFolder } from './programs.ts';

const folder = makeFolder();
const path = join(folder, 'rows.csv');

const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '😀', ' ', ',', ';', '\t', '"', '\n') });
const table = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.array(
    fc.array(cell, { minLength: width, maxLength: width }).map((cells) => cells.with(0, 'x')),
    { minLength: 1, maxLength: 8 },
  ),
);

async function readAll(): Promise<{ rows: CsvRow[]; delimiter: string; count: number }> {
  const { delimiter, rows: count } = await surveyCsv(path, undefined);
  const rows: CsvRow[] = [];
  for await (const row of readCsv(path, delimiter)) rows.push(row);
  return { rows, delimiter, count };
}

describe('a CSV file', () => {
  afterAll(() => cleanUp(folder));

  it('is read as it was written, whatever is in its cells', async ({ expect }) => {
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      lineBreak: fc.constantFrom('\n', '\r\n', '\r'),
      begin: fc.constantFrom('', '\ufeff'),
    });
    await fc.assert(
      fc.asyncProperty(table, dialect, async (cells, { delimiter, lineBreak, begin }) => {
        const quoted = cells.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`));
        const content = quoted.map((row) => row.join(delimiter)).join('\n');
        writeFileSync(path, begin + content.replaceAll('\n', lineBreak));
        const { rows, ...found } = await readAll();
        expect(rows.map((row) => row.cells)).toEqual(cells);
        expect(found).toEqual({ delimiter, count: cells.length - 1 });
        const starts = cells.map(
          (_, nth) => cells.slice(0, nth).flat().join('').split('\n').length,
        );
        expect(rows.map(({ line }, nth) => line - nth)).toEqual(starts);
      }),
    );
  });

  it('is read in pieces: a line break or a letter may be cut in two', async ({ expect }) => {
    for (const text of ['a', 'ab', 'ü']) {
      writeFileSync(path, `email\r\n${`${text}\r\n`.repeat(60_000)}`);
      const { rows, count } = await readAll();
      expect(count).toBe(60_000);
      expect(rows.filter(({ cells }) => cells.join() !== text)).toHaveLength(1);
      expect(rows.at(-1)).toEqual({ line: 60_001, cells: [text] });
    }
  });
});

describe('its columns', () => {
  it.for([
    [['E-Mail', 'Name'], {}, { email: 'a', full_name: 'b' }],
    [['Email Address', 'First name', 'SURNAME'], {}, { email: 'a', full_name: 'b c' }],
    [['mail', 'x', 'Full_Name', 'Lang'], {}, { email: 'a', full_name: 'c', language: 'd' }],
    [['x', 'email', 'name'], { map: 'email=X,full_name="email"' }, { email: 'a', full_name: 'b' }],
    [
      ['email', 'Zip code', 'y'],
      { attributes: 'zip code, Y' },
      { attributes: { zip_code: 'b', Y: 'c' } },
    ],
  ] as const)('are found by the names %o and %o', ([header, said, row], { expect }) => {
    expect(toRow(findColumns([...header], said), ['a', 'b', 'c', 'd'])).toMatchObject(row);
  });

  it('keep several tags in one cell, and nothing of an empty one', ({ expect }) => {
    const columns = findColumns(['email', 'tags', 'name', 'language', 'a'], { attributes: 'a' });
    expect(toRow(columns, ['a@b.co', ' a; b ,,c', '', ' ', ''])).toEqual({
      email: 'a@b.co',
      tags: ['a', 'b', 'c'],
    });
  });
});

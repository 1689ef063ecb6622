import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import { readBatches } from '../../cli/csv-batches.ts';
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

afterAll(() => cleanUp(folder));

describe('a CSV file', () => {
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

describe('its batches', () => {
  const columns = findColumns(['email'], {});
  async function cut(text: string, rows: number, done = 0): Promise<number[]> {
    writeFileSync(path, `email\n${`${text}\n`.repeat(rows)}`);
    const begins: number[] = [];
    const file = await surveyCsv(path, ',');
    for await (const { from } of readBatches(path, file, columns, done)) begins.push(from);
    return begins;
  }

  it('have a bound in rows and one in bytes, and go on where the last one that was taken ended', async ({
    expect,
  }) => {
    expect(await cut('a', 1_500)).toEqual([0, 500, 1_000]);
    expect(await cut('a', 1_500, 800)).toEqual([0, 500, 800, 1_300]);
    // {"email":"…"} of 1,036 bytes.
    expect(await cut('ü'.repeat(512), 600)).toEqual([0, 254, 508]);
    expect(await cut('ü'.repeat(512), 600, 508)).toEqual([0, 254, 508]);
  });

  it('end with an error where the file is another one by then', async ({ expect }) => {
    for (const after of ['email\nb\nb\n', 'email\na\n', 'email\na\na\na\n']) {
      writeFileSync(path, 'email\na\na\n');
      const file = await surveyCsv(path, ',');
      writeFileSync(path, after);
      const batches = readBatches(path, file, columns, 0);
      await expect(batches.next()).rejects.toThrow('the file changed while it was read');
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

  it.for([
    [['email', 'name', 'E-Mail'], {}, 'the file names several columns "email": '],
    [['email', 'x', 'X'], { map: 'full_name=x' }, '--map names several columns "x": '],
    [['email', 'x'], { map: 'full_name=x,nonsense' }, '--map must look like '],
    [['email', 'x'], { map: 'full_name=x,full_name=email' }, '--map must look like '],
    [['email', 'x'], { map: 'full_name="x"y' }, '--map must look like '],
    [['email', 'Город', 'Тариф'], { attributes: 'Город' }, '--attributes names columns that '],
    [['email', 'a b', 'a_b c', 'x', 'x'], { attributes: 'a b,a_b c' }, null],
    [['email', 'Größe x', 'Grüße x'], { attributes: 'Größe x,Grüße x' }, '--attributes names '],
  ] as const)('are not guessed: %o and %o', ([header, said, line], { expect }) => {
    const find = () => findColumns([...header], said);
    if (line === null) expect(find).not.toThrow();
    else expect(find).toThrow(line);
  });

  it('keep several tags in one cell, and nothing of an empty one', ({ expect }) => {
    const columns = findColumns(['email', 'tags', 'name', 'language', 'a'], { attributes: 'a' });
    expect(toRow(columns, ['a@b.co', ' a; b ,,c', '', ' ', ''])).toEqual({
      email: 'a@b.co',
      tags: ['a', 'b', 'c'],
    });
  });
});

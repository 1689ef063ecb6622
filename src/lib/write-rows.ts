import { csvHead, csvLine, type Cell } from './csv.ts';

/** The forms that rows leave in: a table, or a JSON object on each line. */
export const rowFormats = ['csv', 'ndjson'] as const;

export type RowFormat = (typeof rowFormats)[number];

/** How rows are shown in either form. */
export type RowShape<T> = {
  columns: readonly string[];
  cells: (row: T) => readonly Cell[];
  json: (row: T) => object;
};

/** Characters after which a piece is handed on: a page of large rows is not held a second time. */
const pieceLength = 262_144;

/** The text of a file, piece by piece: at least one for each page of rows, also where that is empty. */
export async function* writeRows<T>(
  format: RowFormat,
  shape: RowShape<T>,
  pages: AsyncIterable<T[]>,
): AsyncGenerator<string, void> {
  let text = format === 'csv' ? csvHead(shape.columns) : '';
  for await (const rows of pages) {
    for (const row of rows) {
      if (text.length > pieceLength) {
        yield text;
        text = '';
      }
      text += format === 'csv' ? csvLine(shape.cells(row)) : `${JSON.stringify(shape.json(row))}\n`;
    }
    yield text;
    text = '';
  }
}

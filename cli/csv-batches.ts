import { mostRows, type RowError, type Rows } from '../src/imports/contract.ts';
import { toRow, type Columns } from './csv-columns.ts';
import { readCsv } from './csv-file.ts';
import type { LineError } from './row-errors.ts';

/** Rows of a file for one call, and what to make of the errors in them. */
export type CsvBatch = Rows & { explain: (errors: RowError[]) => LineError[] };

/** The rows of a file, as many at once as an import takes. */
export async function* readBatches(
  path: string,
  delimiter: string,
  columns: Columns,
): AsyncGenerator<CsvBatch, void> {
  let [from, rows, lines, counts] = startOf(0);
  let isHeader = true;
  for await (const { cells, line } of readCsv(path, delimiter)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    // Null is refused as any other row is, so that the counts hold it.
    rows.push(cells.length === columns.count ? toRow(columns, cells) : null);
    lines.push(line);
    counts.push(cells.length);
    if (rows.length < mostRows) continue;
    yield { from, rows, explain: explainBy(from, lines, counts, columns.count) };
    [from, rows, lines, counts] = startOf(from + rows.length);
  }
  if (rows.length > 0) yield { from, rows, explain: explainBy(from, lines, counts, columns.count) };
}

function startOf(from: number): [from: number, rows: unknown[], lines: number[], counts: number[]] {
  return [from, [], [], []];
}

function explainBy(from: number, lines: number[], counts: number[], wanted: number) {
  return (errors: RowError[]): LineError[] =>
    errors.map((error) => {
      const at = error.row - from - 1;
      const line = lines[at] ?? 0;
      const count = counts[at] ?? wanted;
      if (count === wanted) return { line, ...error };
      const message = `has ${count} columns, while the first line has ${wanted}`;
      return { line, row: error.row, field: '', code: 'wrong_columns', message };
    });
}

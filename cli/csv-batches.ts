import { createHash } from 'node:crypto';
import { mostRows, type RowError, type Rows } from '../src/imports/contract.ts';
import { OperatorError } from './command.ts';
import { toRow, type Columns } from './csv-columns.ts';
import { readCsv, type Survey } from './csv-file.ts';
import type { LineError } from './row-errors.ts';

/** Rows of a file for one call, and what to make of the errors in them. */
export type CsvBatch = Rows & { explain: (errors: RowError[]) => LineError[] };

/** What is more could take the database too long. */
const mostBytes = 256 * 1_024;

/**
 * The rows of a file that was surveyed, as many at once as an import takes. One batch ends at `done`: what was taken
 * before may have been cut otherwise. Throws {@link OperatorError} where the file is another one by now.
 */
export async function* readBatches(
  path: string,
  file: Survey,
  columns: Columns,
  done: number,
): AsyncGenerator<CsvBatch, void> {
  const hash = createHash('sha256');
  let [from, rows, lines, counts] = startOf(0);
  let [isHeader, bytes] = [true, 0];
  for await (const { cells, line } of readCsv(path, file.delimiter, (part) => hash.update(part))) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    // Null is refused as any other row is, so that the counts hold it.
    const row = cells.length === columns.count ? toRow(columns, cells) : null;
    rows.push(row);
    bytes += Buffer.byteLength(JSON.stringify(row));
    lines.push(line);
    counts.push(cells.length);
    const end = from + rows.length;
    if (rows.length < mostRows && bytes < mostBytes && end !== done) continue;
    yield { from, rows, explain: explainBy(from, lines, counts, columns.count) };
    [from, rows, lines, counts] = startOf(end);
    bytes = 0;
  }
  if (from + rows.length !== file.rows || hash.digest('hex') !== file.sha256) {
    throw new OperatorError(
      'the file changed while it was read, so this is not finished: run the command again',
    );
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

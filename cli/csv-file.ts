import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { OperatorError } from './command.ts';

/** A row of a CSV file, and the line that it begins in, from 1. */
export type CsvRow = { line: number; cells: string[] };

/** What a look through a whole file tells of it. */
export type Survey = { sha256: string; delimiter: string; header: string[]; rows: number };

type Parsed = { record: string[]; raw: string; info: { lines: number } };

/** Longer ones are a quote that was never closed. */
const mostBytesInRow = 256 * 1_024;

const delimiters = [',', ';', '\t'];

/** Reads a file through once, so that what no import could read is found before any row is taken. */
export async function surveyCsv(path: string, given: string | undefined): Promise<Survey> {
  const hash = createHash('sha256');
  const delimiter = given ?? (await findDelimiter(path));
  let header: string[] | null = null;
  let rows = 0;
  for await (const row of readCsv(path, delimiter, (chunk) => hash.update(chunk))) {
    if (header === null) header = row.cells;
    else rows += 1;
  }
  if (header === null) throw new OperatorError('the file is empty');
  return { sha256: hash.digest('hex'), delimiter, header, rows };
}

/** The rows of a file as a stream, its header first. Rows without a word in them are none. Throws {@link OperatorError}. */
export async function* readCsv(
  path: string,
  delimiter: string,
  onChunk: (chunk: Buffer) => void = () => {},
): AsyncGenerator<CsvRow, void> {
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    // Some write names such as Ada "Countess" Lovelace without doubling the quotes.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: mostBytesInRow,
    info: true,
    raw: true,
  });
  let line = 0;
  try {
    // What fails comes out of the parser, too.
    const rows = pipeline(Readable.from(readText(path, onChunk)), parser, () => {});
    for await (const { record, raw, info } of rows as AsyncIterable<Parsed>) {
      if (record.some((cell) => cell.includes('"') && cell.includes('\n'))) {
        requireDoubledQuotes(raw, delimiter);
      }
      line = info.lines;
      yield { cells: record, line: line - breaksIn(record) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const about = 'a quote there is never closed, or not doubled, or the row is too long';
    throw new OperatorError(`the row after line ${line} cannot be read: ${about}`, {
      cause: error,
    });
  }
}

/** Throws for a row with a quote that is not doubled: one before it that was never closed may have taken in other rows. */
function requireDoubledQuotes(raw: string, delimiter: string): void {
  parseAtOnce(raw, { delimiter, record_delimiter: '\n', relax_column_count: true });
}

/** The text of a file, piece by piece, with one kind of line break. */
async function* readText(path: string, onChunk: (chunk: Buffer) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [lines, length, rest] = [0, 0, ''];
  for await (const chunk of openFile(path)) {
    onChunk(chunk);
    const text = rest + decode(() => decoder.decode(chunk, { stream: true }), chunk, lines);
    // The other half of a line break may be yet to come.
    rest = text.endsWith('\r') ? '\r' : '';
    const whole = text.slice(0, text.length - rest.length).replaceAll(/\r\n?/g, '\n');
    lines += whole.split('\n').length - 1;
    const lastBreak = whole.lastIndexOf('\n');
    length = lastBreak === -1 ? length + whole.length : whole.length - lastBreak - 1;
    // The parser would not mind: it looks at the length of cells, and these can be empty.
    if (length > mostBytesInRow) throw new OperatorError(`line ${lines + 1} is too long for a row`);
    yield whole;
  }
  yield rest + decode(() => decoder.decode(), Buffer.of(), lines);
}

function decode(act: () => string, chunk: Buffer, lines: number): string {
  try {
    return act();
  } catch (error) {
    const others = chunk.toString('latin1').split('\n');
    const first = others.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
    const near = lines + Math.max(first, 0) + 1;
    const advice = `is not UTF-8, near line ${near}: save it as UTF-8 and try again`;
    throw new OperatorError(`the file ${advice}`, { cause: error });
  }
}

async function* openFile(path: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  try {
    if (!(await stat(path)).isFile()) {
      throw new OperatorError('this is no file that can be read twice: save it as one first');
    }
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      if (isFirst && /^(?:\xff\xfe|\xfe\xff|.?\0)/s.test(chunk.toString('latin1', 0, 2))) {
        throw new OperatorError('the file is UTF-16: save it as UTF-8 and try again');
      }
      isFirst = false;
      yield chunk;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof OperatorError || code === undefined) throw error;
    throw new OperatorError(`the file cannot be read (${code})`, { cause: error });
  }
}

/** The delimiter that the first line has most of. */
async function findDelimiter(path: string): Promise<string> {
  for await (const chunk of openFile(path)) {
    const [line = ''] = chunk
      .toString()
      .replaceAll(/"[^"]*"/g, '')
      .split(/[\r\n]/, 1);
    const countOf = (delimiter: string) => line.split(delimiter).length;
    return delimiters.toSorted((one, other) => countOf(other) - countOf(one))[0] ?? ',';
  }
  return ',';
}

function breaksIn(cells: string[]): number {
  return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
}

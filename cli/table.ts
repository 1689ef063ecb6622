import { inWords } from './in-words.ts';

/** The rows of a table that shows one object: each name with what it holds. */
export function rowsOf(object: object): string[][] {
  return Object.entries(object).map(([name, value]) => [name, inWords(value)]);
}

/** Rows of texts under each other, each column as wide as its widest text. */
export function toColumns(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, text] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, text.length);
  }
  const lines = rows.map((row) => row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}

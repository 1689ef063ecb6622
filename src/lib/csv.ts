/** Tells spreadsheets that a file is in UTF-8. */
const byteOrderMark = '\uFEFF';

/**
 * Where a spreadsheet would begin to read a formula (OWASP, CSV injection): a sign of these, also full-width, small, or
 * behind what cannot be seen; at the beginning of a cell a TAB, a line break or a NUL, too. One that expects other
 * separators than ours begins a cell after them, so they count as well; it takes quotes there for its own. Apostrophes that
 * are there already take part, so that ours can be told from them.
 */
const formula =
  /^(?='*[\t\r\n\0])|(?<=^|[;\t\r\n])(?='*(?:(?![\t\r\n])["\s\p{C}])*[=+\-@＝＋－＠﹦﹢﹣﹫])/gu;

/** What a cell may hold. Null is an empty one; lists and objects become JSON. */
export type Cell = string | number | object | null;

/** One line of a CSV file (RFC 4180), with an apostrophe before whatever a spreadsheet would run. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map((cell) => toCell(cell)).join(',')}\r\n`;
}

/** How a CSV file begins: with the names of its columns. */
export function csvHead(columns: readonly string[]): string {
  return byteOrderMark + csvLine(columns);
}

function toCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = text.replaceAll(formula, "'");
  // Other separators than ours too, and white space, which some readers trim.
  return /[",;\s]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Prints a result: a table for a person, or with `--json` the whole of it for a script. */
export function print(result: object | object[], options: { json?: boolean }): void {
  if (options.json === true) {
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  if (!Array.isArray(result)) {
    for (const [name, value] of Object.entries(result)) console.log(`${name}: ${inWords(value)}`);
  } else if (result.length === 0) {
    console.log('none');
  } else {
    const rows = result.map((row: object) => Object.values(row).map((value) => inWords(value)));
    for (const cells of rows) console.log(cells.join('  '));
  }
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

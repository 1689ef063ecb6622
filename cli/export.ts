import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod/mini';
import type { By } from '../src/audit/statements.ts';
import { formatQuery } from '../src/http/stream-rows.ts';
import { mebibyte } from '../src/lib/units.ts';
import type { RowFormat } from '../src/lib/write-rows.ts';
import { leadExportFilter } from '../src/leads/contract.ts';
import { exportLeads } from '../src/leads/export-leads.ts';
import { subscriberFilter } from '../src/subscribers/contract.ts';
import { exportSubscribers } from '../src/subscribers/export-subscribers.ts';
import type { Command, Outcome } from './command.ts';
import { checkOptions, optionOf } from './input.ts';
import { operator } from './operator.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { readParameters, text } from './parameters.ts';
import { openTarget } from './target.ts';

type Asked<F> = { format: RowFormat; filter: F; by: By };

export const exportLeadsCommand: Command = exportCommand('leads', leadExportFilter, exportLeads);

export const exportSubscribersCommand: Command = exportCommand(
  'subscribers',
  subscriberFilter,
  exportSubscribers,
);

/** A command that takes the filters of a list as they are named there. */
function exportCommand<S extends z.ZodMiniObject>(
  name: string,
  filter: S,
  open: (deps: OperatorDeps, asked: Asked<z.output<S>>) => AsyncGenerator<string, void>,
): Command {
  const input = z.extend(filter, formatQuery.shape);
  const fields = Object.keys(filter.shape);
  const filters = fields.map((field) => `--${optionOf(field)}`).join(', ');
  return {
    name: `${name} export`,
    summary: `Write ${name} to a file, as CSV for a spreadsheet or as one JSON object a line`,
    takes: [
      ['--format csv|ndjson', 'csv when not given; only ndjson has every text as it is'],
      [
        '--out <file>',
        'where to; it is there only once it is whole. Standard output when not given',
      ],
      [`${filters} <value>`, `those alone, as GET /v1/${name} filters them`],
    ],
    async run(parameters) {
      const options = Object.fromEntries(fields.map((field) => [optionOf(field), text]));
      const { values } = readParameters(parameters, { ...options, format: text, out: text });
      const { out, ...given } = values as { out?: string };
      const { format = 'csv', ...chosen } = checkOptions(input, given) as { format?: RowFormat };
      const order = { format, filter: chosen as z.output<S>, by: operator };
      return write(open(await openTarget(), order), out);
    },
  };
}

/** Writes a file that is moved into its place when it is whole, or to standard output. */
async function write(pieces: AsyncGenerator<string, void>, out?: string): Promise<Outcome> {
  let bytes = 0;
  const shown = process.stderr.isTTY && (out !== undefined || !process.stdout.isTTY);
  async function* counted(): AsyncGenerator<string, void> {
    for await (const piece of pieces) {
      bytes += Buffer.byteLength(piece);
      if (shown) process.stderr.write(`\r${(bytes / mebibyte).toFixed(1)} MiB`);
      yield piece;
    }
    if (shown) process.stderr.write('\n');
  }
  if (out === undefined) {
    await pipeline(counted, process.stdout, { end: false });
    return { json: { bytes }, text: '', printed: true };
  }
  const unfinished = `${out}.${process.pid}.part`;
  try {
    // It holds personal data: for its owner alone.
    await pipeline(counted, createWriteStream(unfinished, { flags: 'wx', mode: 0o600 }));
    await rename(unfinished, out);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return { json: { file: out, bytes }, text: out };
}

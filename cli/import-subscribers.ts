import { AppError } from '../src/errors.ts';
import { newImportBody, type Counts, type ImportJson } from '../src/imports/contract.ts';
import { createImport } from '../src/imports/create-import.ts';
import { finishImport } from '../src/imports/finish-import.ts';
import { judgeRows } from '../src/imports/judge-rows.ts';
import { countsOf, presentImport } from '../src/imports/present-import.ts';
import { foretellRows, takeRows } from '../src/imports/take-rows.ts';
import { sha256 } from '../src/lib/hashing.ts';
import { OperatorError, type Command, type Outcome } from './command.ts';
import { readBatches } from './csv-batches.ts';
import { findColumns } from './csv-columns.ts';
import { surveyCsv } from './csv-file.ts';
import { checkOptions } from './input.ts';
import { operator } from './operator.ts';
import { readParameters, text, UsageError } from './parameters.ts';
import { showProgress, silentProgress } from './progress.ts';
import { collectErrors, sayError } from './row-errors.ts';
import { openTargetOfSubjects } from './target.ts';

const none: Counts = { added: 0, changed: 0, unchanged: 0, suppressed: 0, invalid: 0 };

export const importSubscribersCommand: Command = {
  name: 'subscribers import',
  summary:
    'Bring the people of a CSV file to a list; run it again to go on with one that broke off',
  takes: [
    ['<file>', 'in UTF-8, its first line with the names of the columns'],
    ['--list <list_…>', 'the list that they join'],
    ['--consent <words>', 'where their consent is from; kept as evidence for each of them'],
    [
      '--on-conflict ignore|merge',
      'who is known stays as they are, or gets what is new; ignore when not given',
    ],
    [
      '--map email=<column>,…',
      'columns by other names: email, full_name, first_name, last_name, language, tags',
    ],
    ['--attributes <column>,…', 'columns to keep as attributes; others are left out'],
    ['--delimiter <character>', 'or "tab"; found out when not given'],
    ['--dry-run', 'tell what would become of each row, and write nothing'],
    ['--errors <file>', 'a CSV file to write each error to; the first 20 are shown'],
  ],
  async run(parameters, asJson) {
    const { values, words } = readParameters(parameters, options, ['<file>']);
    const [path = ''] = words;
    const { 'dry-run': isDry = false } = values;
    const said = checkOptions(newImportBody, values);
    const file = await surveyCsv(path, readDelimiter(values.delimiter));
    const columns = findColumns(file.header, values);
    const rules = [file.sha256, said.list_id, said.on_conflict, file.delimiter, columns];
    const fingerprint = await sha256(JSON.stringify(rules));
    const deps = await openTargetOfSubjects();

    const begin = async (): Promise<ImportJson> => {
      const input = { ...said, fingerprint, rows_total: file.rows };
      return (await createImport(deps, input, operator.actor, [])).answer.body as ImportJson;
    };
    const begun = isDry ? null : await begin();
    const done = begun?.rows_done ?? 0;
    if (done > 0 && !asJson) console.error(`goes on with ${begun?.id} after ${done} rows`);
    const errors = collectErrors(values.errors, path);
    const progress = asJson ? silentProgress : showProgress(file.rows, done);
    const about = { listId: said.list_id, onConflict: said.on_conflict };
    let counts = begun === null ? none : countsOf(begun);
    try {
      for await (const { explain, ...batch } of readBatches(path, file, columns, done)) {
        const end = batch.from + batch.rows.length;
        if (begun === null) {
          const foretold = await foretellRows(deps, about, batch);
          counts = sumOf(counts, foretold.counts);
          errors.add(explain(foretold.errors));
        } else if (end <= done) {
          // Taken before. Looked at again, so that the errors are all there.
          errors.add(explain((await judgeRows(deps, about.onConflict, batch)).errors));
        } else {
          const taken = await takeRows(deps, begun.id, batch, operator);
          counts = countsOf(taken.row);
          errors.add(explain(taken.errors));
        }
        if (end > done) progress.at(end);
      }
    } catch (error) {
      throw begun === null ? error : toGoOn(error);
    } finally {
      progress.end();
      errors.close();
    }
    const shown =
      begun === null ? null : presentImport(await finishImport(deps, begun.id, operator));
    return outcomeOf({ shown, counts, rows: file.rows, errors, host: deps.host });
  },
};

const options = {
  list: text,
  consent: text,
  'on-conflict': text,
  map: text,
  attributes: text,
  delimiter: text,
  'dry-run': { type: 'boolean' },
  errors: text,
} as const;

type Came = {
  shown: ImportJson | null;
  counts: Counts;
  rows: number;
  errors: ReturnType<typeof collectErrors>;
  host: string;
};

function outcomeOf({ shown, counts, rows, errors, host }: Came): Outcome {
  const words = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const what = shown === null ? 'dry run, nothing is written' : `${shown.id} on ${host}`;
  const more = errors.count() - errors.first.length;
  const lines = [
    ...errors.first.map((error) => sayError(error)),
    ...(more > 0 ? [`and ${more} more; --errors <file> has them all`] : []),
    what,
  ];
  return {
    json: { ...(shown ?? { dry_run: counts, rows_total: rows }), errors: errors.first },
    text: words.join(', '),
    note: lines.join('\n'),
    negative: counts.invalid > 0,
  };
}

function sumOf(one: Counts, other: Counts): Counts {
  return {
    added: one.added + other.added,
    changed: one.changed + other.changed,
    unchanged: one.unchanged + other.unchanged,
    suppressed: one.suppressed + other.suppressed,
    invalid: one.invalid + other.invalid,
  };
}

function readDelimiter(given: string | undefined): string | undefined {
  if (given === undefined || given.length === 1) return given;
  if (given === 'tab') return '\t';
  throw new UsageError('--delimiter must be one character, or tab');
}

function toGoOn(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'unavailable') return error;
  const advice = 'Run the same command again to go on.';
  return new OperatorError(`${error.message} ${advice}`, { cause: error });
}

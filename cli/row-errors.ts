import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import type { RowError } from '../src/imports/contract.ts';
import { OperatorError } from './command.ts';
import { UsageError } from './parameters.ts';

/** An error of a row, and the line of the file that the row begins in. */
export type LineError = { line: number } & RowError;

/** So many are shown; a file can hold all. */
const mostShown = 20;

/**
 * Where errors of rows go: the first ones are kept to be shown, all of them are written to a file if one is named. Throws
 * {@link UsageError} where it is the one that is read, {@link OperatorError}.
 */
export function collectErrors(path: string | undefined, readPath: string) {
  const file = path === undefined ? null : open(path, readPath);
  const first: LineError[] = [];
  let count = 0;
  if (file !== null) writeSync(file, 'line,row,field,code,message\n');
  return {
    first,
    count: () => count,
    add(errors: LineError[]) {
      count += errors.length;
      first.push(...errors.slice(0, mostShown - first.length));
      if (file === null) return;
      const lines = errors.map(({ line, row, field, code, message }) =>
        [line, row, cell(field), code, cell(message)].join(','),
      );
      writeSync(file, lines.map((line) => `${line}\n`).join(''));
    },
    close() {
      if (file !== null) closeSync(file);
    },
  };
}

/** What is wrong with a row, for a person. */
export function sayError({ line, field, message }: LineError): string {
  return `line ${line}: ${field} ${message}`.replace(':  ', ': ');
}

function open(path: string, readPath: string): number {
  try {
    const [there, read] = [path, readPath].map((each) => statSync(each, { throwIfNoEntry: false }));
    if (there !== undefined && there.ino === read?.ino && there.dev === read.dev) {
      throw new UsageError('--errors names the file that is read');
    }
    return openSync(path, 'w');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new OperatorError(`--errors names a file that cannot be written (${code})`, {
      cause: error,
    });
  }
}

/** Names of fields and attributes may hold anything. */
function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

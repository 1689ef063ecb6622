import { createInterface } from 'node:readline/promises';
import { subjectBody, type ErasureJson } from '../src/subjects/contract.ts';
import { eraseSubject } from '../src/subjects/erase-subject.ts';
import { exportSubject } from '../src/subjects/export-subject.ts';
import { OperatorError, type Command } from './command.ts';
import { checkInput } from './input.ts';
import { operator } from './operator.ts';
import { readParameters, readWord, UsageError } from './parameters.ts';
import { toColumns } from './table.ts';
import { openTargetOfSubjects } from './target.ts';

const emailHelp: [string, string] = ['<email>', 'the address that stands for the person'];

export const exportSubjectCommand: Command = {
  name: 'subjects export',
  summary: 'Print all that is kept of a person, as JSON',
  takes: [emailHelp],
  async run(parameters) {
    const { email } = checkInput(subjectBody, { email: readWord(parameters, '<email>') });
    const json = await exportSubject(await openTargetOfSubjects(), email, operator, Infinity);
    return { json, text: JSON.stringify(json, null, 2) };
  },
};

export const eraseSubjectCommand: Command = {
  name: 'subjects erase',
  summary: 'Erase a person for good, and print the receipt',
  takes: [emailHelp, ['--yes', 'without asking first']],
  async run(parameters) {
    const options = { yes: { type: 'boolean' } } as const;
    const { values, words } = readParameters(parameters, options, ['<email>']);
    const { email } = checkInput(subjectBody, { email: words[0] });
    const deps = await openTargetOfSubjects();
    if (values.yes !== true) await confirmErasure(email.key, deps.host);
    const { answer } = await eraseSubject(deps, email, operator, []);
    const receipt = answer.body as ErasureJson;
    const rows = Object.entries(receipt.counts).map(([kind, count]) => [kind, String(count)]);
    return {
      json: receipt,
      text: receipt.id,
      note: `${toColumns(rows)}\nbytes of files go within the hour`,
    };
  },
};

/** Asks at a terminal: nothing of it can be undone. Throws where nobody says yes, or can be asked. */
async function confirmErasure(key: string, host: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError('--yes is missing, and nobody can be asked');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const said = await terminal.question(`Erase all of ${key} on ${host}? Type the address: `);
  terminal.close();
  if (said.trim() !== key) throw new OperatorError('nothing was erased');
}

import * as z from 'zod/mini';
import type { By } from '../src/audit/statements.ts';
import { AppError } from '../src/errors.ts';
import { listFilesOf } from '../src/files/list-files-of.ts';
import { pageQuery } from '../src/http/page.ts';
import type { SubmissionDeps } from '../src/submissions/carry-out-decision.ts';
import { submissionFilter } from '../src/submissions/contract.ts';
import { listSubmissions } from '../src/submissions/list-submissions.ts';
import { markNotSpam } from '../src/submissions/mark-not-spam.ts';
import { markSpam } from '../src/submissions/mark-spam.ts';
import { presentSubmission } from '../src/submissions/present-submission.ts';
import { readSubmission } from '../src/submissions/read-submission.ts';
import type { Submission } from '../src/submissions/statements.ts';
import { OperatorError, type Command, type Outcome } from './command.ts';
import { inWords } from './in-words.ts';
import { checkOptions } from './input.ts';
import { operator } from './operator.ts';
import { readParameters, readWord, text } from './parameters.ts';
import { rowsOf, toColumns } from './table.ts';
import { openTarget, openTargetOfSubjects } from './target.ts';

const idHelp: [string, string] = ['<id>', 'its id, sub_…, from submissions list'];
const listInput = z.extend(submissionFilter, { limit: pageQuery.shape.limit });

export const listSubmissionsCommand: Command = {
  name: 'submissions list',
  summary: 'List the newest submissions, or what is in the spam folder',
  takes: [
    ['--form <form_…>', 'those of one form'],
    ['--verdict accepted|flagged', 'those that are leads, or the spam folder'],
    ['--reason <word>', 'those that a gate flagged, such as links or honeypot'],
    ['--limit <number>', 'how many, at most 200; 50 when not given'],
  ],
  async run(parameters) {
    const options = { form: text, verdict: text, reason: text, limit: text };
    const { values } = readParameters(parameters, options);
    const { limit, ...filter } = checkOptions(listInput, values);
    const page = await listSubmissions(await openTarget(), filter, { after: null, limit });
    const shown = page.rows.map((row) => presentSubmission(row));
    const rows = shown.map((each) => [
      each.id,
      each.created_at,
      each.verdict,
      each.reasons.join(',') || '-',
      each.form_id ?? '-',
      each.lead_id ?? '-',
    ]);
    const heads = ['ID', 'CREATED', 'VERDICT', 'REASONS', 'FORM', 'LEAD'];
    return { json: { data: shown }, text: toColumns([heads, ...rows]) };
  },
};

export const showSubmissionCommand: Command = {
  name: 'submissions show',
  summary: 'Show a submission: what was sent, and what was made of it',
  takes: [idHelp],
  async run(parameters) {
    const id = readWord(parameters, '<id>');
    const deps = await openTarget();
    const submission = presentSubmission(await readSubmission(deps, id));
    const json = { ...submission, files: await listFilesOf(deps, id) };
    return { json, text: toColumns(rowsOf(json)) };
  },
};

export const notSpamCommand: Command = {
  name: 'submissions not-spam',
  summary: 'Take a submission out of the spam folder: make its lead or sign-up, send its mail',
  takes: [idHelp],
  run: (parameters) =>
    review(parameters, markNotSpam, ({ id, leadId }) =>
      leadId === null ? `${id} is signed up` : `${id} belongs to ${leadId}`,
    ),
};

export const spamCommand: Command = {
  name: 'submissions spam',
  summary: 'Put a submission into the spam folder, and remove the lead that it made',
  takes: [idHelp],
  run: (parameters) => review(parameters, markSpam, ({ id }) => `${id} is in the spam folder`),
};

async function review(
  parameters: string[],
  act: (deps: SubmissionDeps, id: string, by: By) => Promise<Submission>,
  say: (submission: Submission) => string,
): Promise<Outcome> {
  const id = readWord(parameters, '<id>');
  try {
    const reviewed = await act(await openTargetOfSubjects(), id, operator);
    return { json: presentSubmission(reviewed), text: say(reviewed) };
  } catch (error) {
    if (!(error instanceof AppError) || error.fields.length === 0) throw error;
    const mistakes = error.fields.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new OperatorError(`it makes no lead or sign-up: ${inWords(mistakes)}`, { cause: error });
  }
}

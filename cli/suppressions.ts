import * as z from 'zod/mini';
import { pageQuery } from '../src/http/page.ts';
import { blockAddress } from '../src/suppressions/block-address.ts';
import {
  liftQuery,
  newSuppressionBody,
  suppressionFilter,
  type SuppressionJson,
} from '../src/suppressions/contract.ts';
import { liftSuppression } from '../src/suppressions/lift-suppression.ts';
import { listSuppressionsOf } from '../src/suppressions/list-suppressions-of.ts';
import { listSuppressions } from '../src/suppressions/list-suppressions.ts';
import { presentSuppression } from '../src/suppressions/present-suppression.ts';
import type { Command } from './command.ts';
import { checkInput, checkOptions } from './input.ts';
import { operator } from './operator.ts';
import { readParameters, readWord, text } from './parameters.ts';
import { toColumns } from './table.ts';
import { openTargetOfSubjects } from './target.ts';

const emailHelp: [string, string] = ['<email>', 'the address; only its hash is kept'];
const listInput = z.extend(suppressionFilter, { limit: pageQuery.shape.limit });

export const listSuppressionsCommand: Command = {
  name: 'suppressions list',
  summary: 'List the newest suppressions: people who are not written to',
  takes: [
    ['--email <email>', 'those of one address'],
    ['--list <list_…>', 'those about one list alone'],
    ['--reason <word>', 'unsubscribed, complained, bounced, erased or blocked'],
    ['--limit <number>', 'how many, at most 200; 50 when not given'],
  ],
  async run(parameters) {
    const options = { email: text, list: text, reason: text, limit: text };
    const { values } = readParameters(parameters, options);
    const { limit, ...filter } = checkOptions(listInput, values);
    const deps = await openTargetOfSubjects();
    const page = await listSuppressions(deps, filter, { after: null, limit });
    const shown = page.rows.map((row) => presentSuppression(row));
    return { json: { data: shown }, text: tableOf(shown) };
  },
};

export const addSuppressionCommand: Command = {
  name: 'suppressions add',
  summary: 'Block an address: it is never written to, and its subscriptions end',
  takes: [emailHelp, ['--list <list_…>', 'about this list alone']],
  async run(parameters) {
    const { values, words } = readParameters(parameters, { list: text }, ['<email>']);
    const input = checkOptions(newSuppressionBody, { ...values, email: words[0] });
    const deps = await openTargetOfSubjects();
    const { suppression, isNew } = await blockAddress(deps, input, operator);
    const json = presentSuppression(suppression);
    const since = isNew ? '' : ` since ${json.created_at}`;
    return { json, text: `blocked${since}, for ${json.list_id ?? 'all lists'}` };
  },
};

export const removeSuppressionCommand: Command = {
  name: 'suppressions remove',
  summary: 'Lift a suppression of an address; its subscriptions stay ended',
  takes: [
    emailHelp,
    ['--list <list_…>', 'the one about this list; about all lists when not given'],
    ['--reason <word>', 'blocked when not given; what a person or provider said, by its name'],
  ],
  async run(parameters) {
    const options = { list: text, reason: text };
    const { values, words } = readParameters(parameters, options, ['<email>']);
    const input = checkOptions(liftQuery, { ...values, email: words[0] });
    await liftSuppression(await openTargetOfSubjects(), input, operator);
    const { list_id: listId = null, reason } = input;
    const lifted = `${reason} is lifted, for ${listId ?? 'all lists'}`;
    return { json: { lifted: true, list_id: listId, reason }, text: lifted };
  },
};

export const checkSuppressionCommand: Command = {
  name: 'suppressions check',
  summary: 'Say whether an address may be written to; the exit code is 1 when it may not',
  takes: [emailHelp],
  async run(parameters) {
    const words = { email: readWord(parameters, '<email>') };
    const { email } = checkInput(newSuppressionBody, words);
    const suppressions = await listSuppressionsOf(await openTargetOfSubjects(), email);
    const negative = suppressions.length > 0;
    const line = negative ? tableOf(suppressions) : 'not suppressed';
    return { json: { suppressed: negative, suppressions }, text: line, negative };
  },
};

function tableOf(suppressions: SuppressionJson[]): string {
  const rows = suppressions.map((each) => [
    each.created_at,
    each.reason,
    each.list_id ?? 'all',
    each.actor,
    each.subject,
  ]);
  return toColumns([['CREATED', 'REASON', 'LIST', 'BY', 'SUBJECT'], ...rows]);
}

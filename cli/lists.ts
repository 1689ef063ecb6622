import { changeList } from '../src/lists/change-list.ts';
import {
  listChangesBody,
  listFilter,
  newListBody,
  type ListJson,
  type NewList,
} from '../src/lists/contract.ts';
import { createList } from '../src/lists/create-list.ts';
import { deleteList } from '../src/lists/delete-list.ts';
import { listLists } from '../src/lists/list-lists.ts';
import { presentCountedList, presentList } from '../src/lists/present-list.ts';
import { countPeople, readList } from '../src/lists/read-list.ts';
import type { Command } from './command.ts';
import { inWords } from './in-words.ts';
import { checkInput, optionOf } from './input.ts';
import { readParameters, UsageError } from './parameters.ts';
import { readAll } from './read-all.ts';
import { toColumns } from './table.ts';
import { openTarget } from './target.ts';

const operator = { actor: 'cli', requestId: null };
const idHelp: [string, string] = ['<id>', 'its id, list_…, from lists list'];
const text = { type: 'string' } as const;

/** The options that say how a list is to be. */
const listOptions = {
  name: text,
  'opt-in': text,
  visibility: text,
  description: text,
  'consent-text': text,
  'consent-version': text,
  'retention-days': text,
} as const;

const listOptionHelp: Command['takes'] = [
  ['--name <text>', 'what people read in mails and on their page'],
  ['--opt-in single|double', 'whether people confirm it by mail; double when not given'],
  ['--visibility public|private', 'whether people find it, and forms may use it; public when not'],
  ['--description <text>', 'what it is about, for the people on it'],
  ['--consent-text <text>', 'what people agree to when they sign up'],
  ['--consent-version <text>', 'which version of these words it is: another one for other words'],
  ['--retention-days <number>', 'for how long people who have left are to be kept'],
];

export const createListCommand: Command = {
  name: 'lists create',
  summary: 'Make a list and print its id',
  takes: listOptionHelp,
  async run(parameters) {
    const { values } = readParameters(parameters, listOptions);
    const input = checkInput(newListBody, readOptions(values));
    const deps = await openTarget();
    const { answer } = await createList(deps, input, operator, []);
    const list = answer.body as ListJson;
    return { json: list, text: list.id, note: `created on ${deps.host}` };
  },
};

export const listListsCommand: Command = {
  name: 'lists list',
  summary: 'List every list, newest first',
  takes: [['--visibility public|private', 'those that people find, or those that they do not']],
  async run(parameters) {
    const { values } = readParameters(parameters, { visibility: text });
    const filter = checkInput(listFilter, values);
    const deps = await openTarget();
    const lists = (await readAll((page) => listLists(deps, filter, page))).map(presentList);
    const cells = lists.map((list) => [list.id, list.name, list.opt_in, list.visibility]);
    const heads = ['ID', 'NAME', 'OPT-IN', 'VISIBILITY'];
    return { json: { data: lists }, text: toColumns([heads, ...cells]) };
  },
};

export const showListCommand: Command = {
  name: 'lists show',
  summary: 'Show all settings of a list, and how many people are on it',
  takes: [idHelp],
  async run(parameters) {
    const { words } = readParameters(parameters, {}, ['<id>']);
    const [id = ''] = words;
    const deps = await openTarget();
    const list = presentCountedList(await readList(deps, id), await countPeople(deps, id));
    const { counts, ...settings } = list;
    const rows = Object.entries({ ...settings, ...counts });
    const cells = rows.map(([name, value]) => [name, inWords(value)]);
    return { json: list, text: toColumns(cells) };
  },
};

export const changeListCommand: Command = {
  name: 'lists change',
  summary: 'Change settings of a list',
  takes: [idHelp, ...listOptionHelp, ['none', 'as a value, takes away what an option says']],
  async run(parameters) {
    const { values, words } = readParameters(parameters, listOptions, ['<id>']);
    const given = readOptions(values);
    if (Object.keys(given).length === 0) throw new UsageError('no option says what to change');
    const changes = checkInput(listChangesBody, given);
    const [id = ''] = words;
    const by = { ...operator, known: null };
    const list = presentList(await changeList(await openTarget(), id, changes, by));
    return { json: list, text: `${id} is now in version ${list.version}` };
  },
};

export const deleteListCommand: Command = {
  name: 'lists delete',
  summary: 'Delete a list that nobody ever was on',
  takes: [idHelp],
  async run(parameters) {
    const { words } = readParameters(parameters, {}, ['<id>']);
    const [id = ''] = words;
    await deleteList(await openTarget(), id, { ...operator, known: null });
    return { json: { id, deleted: true }, text: `${id} is deleted` };
  },
};

/** What options say in the fields of the HTTP API, still to be checked. `none` empties a field. */
function readOptions(words: { [Name in keyof typeof listOptions]?: string }) {
  const fields = Object.keys(newListBody.shape) as (keyof NewList)[];
  const given = fields.flatMap((field) => {
    const word = words[optionOf(field) as keyof typeof listOptions];
    return word === undefined ? [] : [[field, valueOf(field, word)] as const];
  });
  return Object.fromEntries(given);
}

function valueOf(field: keyof NewList, word: string): unknown {
  if (word === 'none') return null;
  return field === 'retention_days' && /^\d+$/.test(word) ? Number(word) : word;
}

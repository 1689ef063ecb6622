import { changeList } from '../src/lists/change-list.ts';
import { listChangesBody, listFilter, newListBody, type ListJson } from '../src/lists/contract.ts';
import { createList } from '../src/lists/create-list.ts';
import { deleteList } from '../src/lists/delete-list.ts';
import { listLists } from '../src/lists/list-lists.ts';
import { presentCountedList, presentList } from '../src/lists/present-list.ts';
import { countPeople, readList } from '../src/lists/read-list.ts';
import type { Command } from './command.ts';
import { checkChanges, checkInput, checkOptions, settingsOf } from './input.ts';
import { operator } from './operator.ts';
import { readParameters, readWord, text } from './parameters.ts';
import { readAll } from './read-all.ts';
import { rowsOf, toColumns } from './table.ts';
import { openTarget } from './target.ts';

const idHelp: [string, string] = ['<id>', 'its id, list_…, from lists list'];

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

const settings = Object.keys(newListBody.shape);

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
    const input = checkInput(newListBody, settingsOf(settings, values));
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
    const filter = checkOptions(listFilter, values);
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
    const id = readWord(parameters, '<id>');
    const deps = await openTarget();
    const list = presentCountedList(await readList(deps, id), await countPeople(deps, id));
    const { counts, ...others } = list;
    return { json: list, text: toColumns(rowsOf({ ...others, ...counts })) };
  },
};

export const changeListCommand: Command = {
  name: 'lists change',
  summary: 'Change settings of a list',
  takes: [idHelp, ...listOptionHelp, ['none', 'as a value, takes away what an option says']],
  async run(parameters) {
    const { values, words } = readParameters(parameters, listOptions, ['<id>']);
    const changes = checkChanges(listChangesBody, settingsOf(settings, values));
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
    const id = readWord(parameters, '<id>');
    await deleteList(await openTarget(), id, { ...operator, known: null });
    return { json: { id, deleted: true }, text: `${id} is deleted` };
  },
};

import * as z from 'zod/mini';
import { pageQuery } from '../src/http/page.ts';
import { changeSubscriber } from '../src/subscribers/change-subscriber.ts';
import {
  subscriberChangesBody,
  subscriberFilter,
  unsubscribeBody,
  type SubscriberJson,
} from '../src/subscribers/contract.ts';
import { deleteSubscriber } from '../src/subscribers/delete-subscriber.ts';
import { listSubscribers } from '../src/subscribers/list-subscribers.ts';
import { presentSubscriber } from '../src/subscribers/present-subscriber.ts';
import { readSubscriber } from '../src/subscribers/read-subscriber.ts';
import { unsubscribeSubscriber } from '../src/subscribers/unsubscribe-subscriber.ts';
import { listSuppressionsOf } from '../src/suppressions/list-suppressions-of.ts';
import { OperatorError, type Command } from './command.ts';
import { inWords } from './in-words.ts';
import { checkChanges, checkInput, checkOptions, settingsOf } from './input.ts';
import { operator } from './operator.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { readParameters, readWord, text, texts, UsageError } from './parameters.ts';
import { rowsOf, toColumns } from './table.ts';
import { openTarget, openTargetOfSubjects } from './target.ts';

const whoHelp: [string, string] = ['<id>|<email>', 'their id, sbr_…, or their address'];
const listInput = z.extend(subscriberFilter, { limit: pageQuery.shape.limit });

export const listSubscribersCommand: Command = {
  name: 'subscribers list',
  summary: 'List the newest subscribers',
  takes: [
    ['--email <email>', 'the one with this address'],
    ['--list <list_…>', 'those on one list'],
    ['--state <word>', 'pending, active, unsubscribed, bounced or complained, there or anywhere'],
    ['--tag <text>', 'those with a tag'],
    ['--created-after <ISO>', 'such as 2030-01-31T00:00:00Z'],
    ['--created-before <ISO>', 'likewise'],
    ['--limit <number>', 'how many, at most 200; 50 when not given'],
  ],
  async run(parameters) {
    const range = { 'created-after': text, 'created-before': text };
    const options = { email: text, list: text, state: text, tag: text, ...range, limit: text };
    const { values } = readParameters(parameters, options);
    const { limit, ...filter } = checkOptions(listInput, values);
    const page = await listSubscribers(await openTarget(), filter, { after: null, limit });
    const shown = page.rows.map((row) => presentSubscriber(row));
    const rows = shown.map((each) => [
      each.id,
      each.created_at,
      inWords(each.email),
      statesOf(each),
      inWords(each.tags.join(',') || null),
    ]);
    const heads = ['ID', 'CREATED', 'EMAIL', 'LISTS', 'TAGS'];
    return { json: { data: shown }, text: toColumns([heads, ...rows]) };
  },
};

export const showSubscriberCommand: Command = {
  name: 'subscribers show',
  summary: 'Show a subscriber, and what keeps them from being written to',
  takes: [whoHelp],
  async run(parameters) {
    const who = readWord(parameters, '<id>|<email>');
    const deps = await openTargetOfSubjects();
    const found = await find(deps, who);
    const email = { address: found.email, key: found.emailKey };
    const suppressions = await listSuppressionsOf(deps, email);
    const json = { ...presentSubscriber(found), suppressions };
    return { json, text: toColumns(rowsOf(json)) };
  },
};

export const changeSubscriberCommand: Command = {
  name: 'subscribers change',
  summary: 'Change what is known of a subscriber, but not the address',
  takes: [
    whoHelp,
    ['--name <text>', 'their name'],
    ['--language <tag>', 'of mails and pages, such as de or pt-BR'],
    ['--tag <text>', 'may be given again: these take the place of those there are'],
    ['--attribute <name>=<text>', 'may be given again: those that are not named stay'],
    ['none', 'as a value, takes away what an option says'],
  ],
  async run(parameters) {
    const options = { name: text, language: text, tag: texts, attribute: texts };
    const { values, words } = readParameters(parameters, options, ['<id>|<email>']);
    const { attribute } = values;
    const changes = checkChanges(subscriberChangesBody, {
      ...settingsOf(['full_name', 'language', 'tags'], values),
      ...(attribute === undefined ? {} : { attributes: readAttributes(attribute) }),
    });
    const deps = await openTarget();
    const { id } = await find(deps, words[0]);
    const changed = await changeSubscriber(deps, id, changes, { ...operator, known: null });
    return { json: presentSubscriber(changed), text: `${id} is now in version ${changed.version}` };
  },
};

export const unsubscribeCommand: Command = {
  name: 'subscribers unsubscribe',
  summary: 'Take a subscriber off a list, or off all of them',
  takes: [whoHelp, ['--list <list_…>', 'this one alone']],
  async run(parameters) {
    const { values, words } = readParameters(parameters, { list: text }, ['<id>|<email>']);
    const { list_id: listId = null } = checkOptions(unsubscribeBody, values);
    const deps = await openTargetOfSubjects();
    const { id } = await find(deps, words[0]);
    const json = presentSubscriber(await unsubscribeSubscriber(deps, id, listId, operator));
    return { json, text: `${id} is ${statesOf(json)}` };
  },
};

export const deleteSubscriberCommand: Command = {
  name: 'subscribers delete',
  summary: 'Delete a subscriber for good; evidence and suppressions stay, under a hash',
  takes: [whoHelp],
  async run(parameters) {
    const who = readWord(parameters, '<id>|<email>');
    const deps = await openTargetOfSubjects();
    const { id } = await find(deps, who);
    await deleteSubscriber(deps, id, { ...operator, known: null });
    return { json: { id, deleted: true }, text: `${id} is deleted` };
  },
};

async function find(deps: OperatorDeps, who = '') {
  if (!who.includes('@')) return readSubscriber(deps, who);
  const filter = checkInput(subscriberFilter, { email: who });
  const { rows } = await listSubscribers(deps, filter, { after: null, limit: 1 });
  const [found] = rows;
  if (found === undefined) throw new OperatorError('nobody there has this address');
  return found;
}

function statesOf({ subscriptions }: SubscriberJson): string {
  return subscriptions.map(({ list_id: list, state }) => `${list}:${state}`).join(',') || '-';
}

function readAttributes(words: string[]): Record<string, string | null> {
  const pairs = words.map((word) => {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError('--attribute must look like <name>=<text>');
    const value = word.slice(at + 1);
    return [word.slice(0, at), value === 'none' ? null : value] as const;
  });
  return Object.fromEntries(pairs);
}

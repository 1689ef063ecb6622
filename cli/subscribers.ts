import * as z from 'zod/mini';
import { pageQuery } from '../src/http/page.ts';
import { changeSubscriber } from '../src/newsletter/change-subscriber.ts';
import {
  subscriberChangesBody,
  subscriberFilter,
  unsubscribeBody,
  type SubscriberJson,
} from '../src/newsletter/contract.ts';
import { deleteSubscriber } from '../src/newsletter/delete-subscriber.ts';
import { listSubscribers } from '../src/newsletter/list-subscribers.ts';
import { presentSubscriber } from '../src/newsletter/present-subscriber.ts';
import { readSubscriber } from '../src/newsletter/read-subscriber.ts';
import { unsubscribeSubscriber } from '../src/newsletter/unsubscribe-subscriber.ts';
import { listSuppressions } from '../src/suppressions/list-suppressions.ts';
import { presentSuppression } from '../src/suppressions/present-suppression.ts';
import { OperatorError, type Command } from './command.ts';
import { inWords } from './in-words.ts';
import { checkInput } from './input.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { readParameters, UsageError } from './parameters.ts';
import { toColumns } from './table.ts';
import { openTarget, openTargetOfSubjects } from './target.ts';

const operator = { actor: 'cli', requestId: null };
const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
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
    const given = Object.entries(readParameters(parameters, options).values);
    const named = given.map(([name, value]) => [
      name === 'list' ? 'list_id' : name.replaceAll('-', '_'),
      value,
    ]);
    const { limit, ...filter } = checkInput(listInput, Object.fromEntries(named) as object);
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
    const { words } = readParameters(parameters, {}, ['<id>|<email>']);
    const deps = await openTargetOfSubjects();
    const found = await find(deps, words);
    const email = { address: found.email, key: found.emailKey };
    const { rows } = await listSuppressions(deps, { email }, { after: null, limit: 200 });
    const suppressions = rows.map((row) => presentSuppression(row));
    const json = { ...presentSubscriber(found), suppressions };
    const cells = Object.entries(json).map(([name, value]) => [name, inWords(value)]);
    return { json, text: toColumns(cells) };
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
    const { name, language, tag, attribute } = values;
    const given = {
      ...(name === undefined ? {} : { full_name: orNull(name) }),
      ...(language === undefined ? {} : { language: orNull(language) }),
      ...(tag === undefined ? {} : { tags: tag.join() === 'none' ? [] : tag }),
      ...(attribute === undefined ? {} : { attributes: readAttributes(attribute) }),
    };
    if (Object.keys(given).length === 0) throw new UsageError('no option says what to change');
    const changes = checkInput(subscriberChangesBody, given);
    const deps = await openTarget();
    const { id } = await find(deps, words);
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
    const input = values.list === undefined ? {} : { list_id: values.list };
    const { list_id: listId = null } = checkInput(unsubscribeBody, input);
    const deps = await openTargetOfSubjects();
    const { id } = await find(deps, words);
    const json = presentSubscriber(await unsubscribeSubscriber(deps, id, listId, operator));
    return { json, text: `${id} is ${statesOf(json)}` };
  },
};

export const deleteSubscriberCommand: Command = {
  name: 'subscribers delete',
  summary: 'Delete a subscriber for good; evidence and suppressions stay, under a hash',
  takes: [whoHelp],
  async run(parameters) {
    const { words } = readParameters(parameters, {}, ['<id>|<email>']);
    const deps = await openTargetOfSubjects();
    const { id } = await find(deps, words);
    await deleteSubscriber(deps, id, { ...operator, known: null });
    return { json: { id, deleted: true }, text: `${id} is deleted` };
  },
};

async function find(deps: OperatorDeps, [who = '']: string[]) {
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

function orNull(word: string): string | null {
  return word === 'none' ? null : word;
}

function readAttributes(words: string[]): Record<string, string | null> {
  const pairs = words.map((word) => {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError('--attribute must look like <name>=<text>');
    return [word.slice(0, at), orNull(word.slice(at + 1))] as const;
  });
  return Object.fromEntries(pairs);
}

import * as z from 'zod/mini';
import { pageQuery } from '../src/http/page.ts';
import { outboxFilter, retryBody } from '../src/outbox/contract.ts';
import { dropRow } from '../src/outbox/drop-row.ts';
import { listOutbox } from '../src/outbox/list-outbox.ts';
import { presentRow } from '../src/outbox/present-row.ts';
import { retryDead, retryRow } from '../src/outbox/retry-row.ts';
import type { Command } from './command.ts';
import { checkInput, checkOptions } from './input.ts';
import { operator } from './operator.ts';
import { readParameters, readWord, text, UsageError } from './parameters.ts';
import { toColumns } from './table.ts';
import { openTarget } from './target.ts';

const listInput = z.extend(outboxFilter, { limit: pageQuery.shape.limit });

export const listOutboxCommand: Command = {
  name: 'outbox list',
  summary: 'List the newest of what is to be sent, was sent, or was given up',
  takes: [
    ['--state pending|done|dead', 'those in one state'],
    ['--limit <number>', 'how many, at most 200; 50 when not given'],
  ],
  async run(parameters) {
    const { values } = readParameters(parameters, { state: text, limit: text });
    const { limit, ...filter } = checkOptions(listInput, values);
    const page = await listOutbox(await openTarget(), filter, { after: null, limit });
    const shown = page.rows.map((row) => presentRow(row));
    const rows = shown.map((each) => [
      each.id,
      each.topic,
      each.resource_id,
      each.state,
      String(each.attempts),
      each.due_at ?? each.ended_at ?? '-',
      each.last_error ?? '-',
    ]);
    const heads = ['ID', 'TOPIC', 'OF', 'STATE', 'ATTEMPTS', 'DUE OR ENDED', 'LAST ERROR'];
    return { json: { data: shown }, text: toColumns([heads, ...rows]) };
  },
};

export const retryOutboxCommand: Command = {
  name: 'outbox retry',
  summary: 'Make what waits or was given up due now: the cron sends it within a minute',
  takes: [
    [
      '<id>|dead',
      'its id, out_…, from outbox list; or all that were given up after their last try',
    ],
    [
      '--reason <word>',
      'with dead: those whose last error this is, such as what was refused for it',
    ],
  ],
  async run(parameters) {
    const { words, values } = readParameters(parameters, { reason: text }, ['<id>|dead']);
    const [id = ''] = words;
    if (id !== 'dead' && values.reason !== undefined)
      throw new UsageError('--reason goes with dead');
    const deps = await openTarget();
    if (id !== 'dead') {
      await retryRow(deps, id, operator);
      return { json: { id, state: 'pending' }, text: `${id} is due` };
    }
    const { reason } = checkInput(retryBody, { reason: values.reason ?? null });
    const count = await retryDead(deps, reason, operator);
    return { json: { count }, text: `${count} are due` };
  },
};

export const dropOutboxCommand: Command = {
  name: 'outbox drop',
  summary: 'Remove a row: what it tells of is never sent',
  takes: [['<id>', 'its id, out_…, from outbox list']],
  async run(parameters) {
    const id = readWord(parameters, '<id>');
    await dropRow(await openTarget(), id, operator);
    return { json: { id, dropped: true }, text: `${id} is dropped` };
  },
};

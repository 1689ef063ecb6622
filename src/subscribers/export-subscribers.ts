import { recordExport } from '../audit/record-export.ts';
import type { By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import type { Cell } from '../lib/csv.ts';
import { toIso } from '../lib/time.ts';
import { writeRows, type RowFormat, type RowShape } from '../lib/write-rows.ts';
import { walkPages } from '../platform/walk-pages.ts';
import type { SubscriberFilter } from './contract.ts';
import { listSubscribers } from './list-subscribers.ts';
import { presentSubscriber } from './present-subscriber.ts';
import type { Subscriber } from './queries.ts';

const columns = [
  'id',
  'email',
  'full_name',
  'language',
  'tags',
  'attributes',
  'subscriptions',
  'created_at',
  'updated_at',
];

/**
 * The subscribers that match a filter, newest first, as the pieces of a file. Those that come meanwhile are not among
 * them, and none is there twice. The audit log knows of it before there is anything to read.
 */
export async function* exportSubscribers(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'>,
  { format, filter, by }: { format: RowFormat; filter: SubscriberFilter; by: By },
): AsyncGenerator<string, void> {
  await recordExport(deps, 'subscribers.exported', { format, filter, by });
  yield* writeRows(
    format,
    shapeFor(filter.list_id),
    walkPages(deps, (page) => listSubscribers(deps, filter, page)),
  );
}

/** With a list's id, what somebody is on that list stands in columns of its own. */
function shapeFor(listId: string | undefined): RowShape<Subscriber> {
  const json = presentSubscriber;
  if (listId === undefined) return { columns, cells: cellsOf, json };
  return {
    columns: [...columns, 'state', 'state_since'],
    cells: (subscriber) => {
      const there = subscriber.subscriptions.find(({ list_id }) => list_id === listId);
      const state = there === undefined ? [null, null] : [there.state, toIso(there.updated_at)];
      return [...cellsOf(subscriber), ...state];
    },
    json,
  };
}

function cellsOf(subscriber: Subscriber): Cell[] {
  return [
    subscriber.id,
    subscriber.email,
    subscriber.fullName,
    subscriber.language,
    subscriber.tags.join(';'),
    subscriber.attributes,
    subscriber.subscriptions.map(({ list_id, state }) => `${list_id}:${state}`).join(';'),
    toIso(subscriber.createdAt),
    toIso(subscriber.updatedAt),
  ];
}

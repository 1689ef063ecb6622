import { and, asc, desc, eq, getTableColumns, inArray, lt, ne, sql } from 'drizzle-orm';
import { lists } from '../../drizzle/lists.ts';
import {
  confirmations,
  subscribers,
  subscriptions,
  suppressions,
} from '../../drizzle/newsletter.ts';
import type { Orm } from '../platform/database.ts';
import type { SubscriberFilter } from './contract.ts';

type StoredSubscription = {
  list_id: string;
  state: string;
  created_at: number;
  updated_at: number;
};

/** A subscriber with the state on each list. */
export type Subscriber = typeof subscribers.$inferSelect & { subscriptions: StoredSubscription[] };

const subscriptionsOf = sql<StoredSubscription[]>`(
  SELECT json_group_array(json_object('list_id', list_id, 'state', state,
    'created_at', created_at, 'updated_at', updated_at))
  FROM subscriptions WHERE subscriber_id = ${subscribers.id})`.mapWith(
  (text: string) => JSON.parse(text) as StoredSubscription[],
);

const columns = { ...getTableColumns(subscribers), subscriptions: subscriptionsOf };

/** A confirmation, with the person and the list that it is about. */
export type ConfirmationFor = typeof confirmations.$inferSelect & {
  subscriber: typeof subscribers.$inferSelect;
  list: typeof lists.$inferSelect;
  state: (typeof subscriptions.$inferSelect)['state'];
};

const aboutConfirmation = {
  ...getTableColumns(confirmations),
  subscriber: getTableColumns(subscribers),
  list: getTableColumns(lists),
  state: subscriptions.state,
};

/** Confirmations by a condition: of ids, or of a token. */
export function selectConfirmations(
  orm: Orm,
  by: { ids: string[] } | { tokenHash: string },
): PromiseLike<ConfirmationFor[]> {
  return orm
    .select(aboutConfirmation)
    .from(confirmations)
    .innerJoin(subscribers, eq(subscribers.id, confirmations.subscriberId))
    .innerJoin(lists, eq(lists.id, confirmations.listId))
    .innerJoin(
      subscriptions,
      and(
        eq(subscriptions.subscriberId, confirmations.subscriberId),
        eq(subscriptions.listId, confirmations.listId),
      ),
    )
    .where(
      'ids' in by ? inArray(confirmations.id, by.ids) : eq(confirmations.tokenHash, by.tokenHash),
    );
}

/** A person's subscription to a list, as their links show it. */
export type SubscriptionFor = {
  subscriber: typeof subscribers.$inferSelect;
  list: typeof lists.$inferSelect;
  state: (typeof subscriptions.$inferSelect)['state'];
};

/** The subscriptions of a person; with a list's id, that one alone. */
export function selectSubscriptionsOf(
  orm: Orm,
  subscriberId: string,
  listId?: string,
): PromiseLike<SubscriptionFor[]> {
  return orm
    .select({
      subscriber: getTableColumns(subscribers),
      list: getTableColumns(lists),
      state: subscriptions.state,
    })
    .from(subscriptions)
    .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(
      and(
        eq(subscriptions.subscriberId, subscriberId),
        listId === undefined ? undefined : eq(subscriptions.listId, listId),
      ),
    )
    .orderBy(asc(lists.name), asc(lists.id));
}

/** The lists that anybody may find. */
export function selectPublicLists(orm: Orm): PromiseLike<(typeof lists.$inferSelect)[]> {
  return orm
    .select()
    .from(lists)
    .where(eq(lists.visibility, 'public'))
    .orderBy(asc(lists.name), asc(lists.id));
}

/** Who of these is not written to: about a list, or about any where that is empty. Leaving is no such thing. */
export function selectSuppressed(
  orm: Orm,
  subjectHashes: string[],
): PromiseLike<{ subjectHash: string; listId: string }[]> {
  const { subjectHash, listId, reason } = suppressions;
  return orm
    .select({ subjectHash, listId })
    .from(suppressions)
    .where(and(inArray(subjectHash, subjectHashes), ne(reason, 'unsubscribed')));
}

/** The subscriber with this id. */
export async function findSubscriber(orm: Orm, id: string): Promise<Subscriber | undefined> {
  const rows = await orm.select(columns).from(subscribers).where(eq(subscribers.id, id)).limit(1);
  return rows[0];
}

/** Subscribers that match a filter, newest first: their ids are ordered by time. */
export function selectSubscribers(
  orm: Orm,
  filter: SubscriberFilter,
  afterId: string | null,
  count: number,
): PromiseLike<Subscriber[]> {
  const onList =
    filter.list_id === undefined && filter.state === undefined
      ? undefined
      : inArray(subscribers.id, idsOnLists(orm, filter, afterId, count));
  return orm
    .select(columns)
    .from(subscribers)
    .where(
      and(
        filter.email === undefined ? undefined : eq(subscribers.emailKey, filter.email.key),
        afterId === null ? undefined : lt(subscribers.id, afterId),
        onList,
      ),
    )
    .orderBy(desc(subscribers.id))
    .limit(count);
}

function idsOnLists(orm: Orm, filter: SubscriberFilter, afterId: string | null, count: number) {
  const { email, list_id: listId, state } = filter;
  const withEmail = (key: string) =>
    orm.select({ id: subscribers.id }).from(subscribers).where(eq(subscribers.emailKey, key));
  return orm
    .select({ id: subscriptions.subscriberId })
    .from(subscriptions)
    .where(
      and(
        // Here too: the address may be older than all of the ids that are picked.
        email === undefined ? undefined : inArray(subscriptions.subscriberId, withEmail(email.key)),
        listId === undefined ? undefined : eq(subscriptions.listId, listId),
        state === undefined ? undefined : eq(subscriptions.state, state),
        afterId === null ? undefined : lt(subscriptions.subscriberId, afterId),
      ),
    )
    .groupBy(subscriptions.subscriberId)
    .orderBy(desc(subscriptions.subscriberId))
    .limit(count);
}

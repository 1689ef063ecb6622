import {
  and,
  desc,
  eq,
  exists,
  getTableColumns,
  gte,
  inArray,
  lt,
  sql,
  type AnyColumn,
  type SQL,
} from 'drizzle-orm';
import { consents, subscribers, subscriberTags, subscriptions } from '../../drizzle/newsletter.ts';
import { idsSince } from '../lib/ids.ts';
import type { Orm } from '../platform/database.ts';
import { keysetOrder, rowsAfter, type Position } from '../platform/keyset.ts';
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

/** A row of the ledger. */
export type Consent = typeof consents.$inferSelect;

/** The subscriber with this id. */
export async function findSubscriber(orm: Orm, id: string): Promise<Subscriber | undefined> {
  const rows = await orm.select(columns).from(subscribers).where(eq(subscribers.id, id)).limit(1);
  return rows[0];
}

/** Whether a subscriber is still there, and of this version. */
export function isUnchanged(orm: Orm, { id, version }: Pick<Subscriber, 'id' | 'version'>): SQL {
  return exists(
    orm
      .select({ id: subscribers.id })
      .from(subscribers)
      .where(and(eq(subscribers.id, id), eq(subscribers.version, version))),
  );
}

/** The ledger of a person, oldest first, after a position. */
export function selectConsents(
  orm: Orm,
  subscriberId: string,
  after: Position | null,
  count: number,
): PromiseLike<Consent[]> {
  return orm
    .select()
    .from(consents)
    .where(
      and(
        eq(consents.subscriberId, subscriberId),
        after === null ? undefined : rowsAfter(consents.at, consents.id, 'ascending', after),
      ),
    )
    .orderBy(...keysetOrder(consents.at, consents.id, 'ascending'))
    .limit(count);
}

/**
 * Subscribers that match a filter, newest first: their ids are ordered by time. What picks the fewest leads, and the rest
 * is looked up for each that it picks: an address, then a tag, then the lists.
 */
export function selectSubscribers(
  orm: Orm,
  filter: SubscriberFilter,
  afterId: string | null,
  count: number,
): PromiseLike<Subscriber[]> {
  const { email, tag, list_id: listId, state } = filter;
  const isListed = listId !== undefined || state !== undefined;
  const { id } = subscribers;
  const page = (where: SQL | undefined) =>
    orm.select(columns).from(subscribers).where(where).orderBy(desc(id)).limit(count);
  if (email !== undefined) {
    const isPicked = and(isWithin(id, filter, afterId), isTagged(orm, id, tag));
    const isOn = isListed ? exists(subscriptionsIn(orm, id, filter)) : undefined;
    return page(and(eq(subscribers.emailKey, email.key), isPicked, isOn));
  }
  if (tag === undefined && !isListed) return page(isWithin(id, filter, afterId));
  const ids =
    tag === undefined
      ? idsOnLists(orm, filter, afterId, count)
      : idsWithTag(orm, tag, filter, isListed, afterId, count);
  return page(inArray(id, ids));
}

/** Ids that were made in the time of a filter, before the last one of the page before. */
function isWithin(id: AnyColumn, filter: SubscriberFilter, afterId: string | null) {
  const { created_after: from, created_before: to } = filter;
  return and(
    afterId === null ? undefined : lt(id, afterId),
    from === undefined ? undefined : gte(id, idsSince('sbr', from)),
    to === undefined ? undefined : lt(id, idsSince('sbr', to)),
  );
}

function isTagged(orm: Orm, id: AnyColumn, tag: string | undefined) {
  if (tag === undefined) return undefined;
  return exists(
    orm
      .select({ tag: subscriberTags.tag })
      .from(subscriberTags)
      .where(and(eq(subscriberTags.tag, tag), eq(subscriberTags.subscriberId, id))),
  );
}

/** The subscriptions of somebody that a filter means. */
function subscriptionsIn(orm: Orm, id: AnyColumn, filter: SubscriberFilter) {
  return orm
    .select({ id: subscriptions.subscriberId })
    .from(subscriptions)
    .where(and(eq(subscriptions.subscriberId, id), isMeant(filter)));
}

function isMeant({ list_id: listId, state }: SubscriberFilter) {
  return and(
    listId === undefined ? undefined : eq(subscriptions.listId, listId),
    state === undefined ? undefined : eq(subscriptions.state, state),
  );
}

function idsWithTag(
  orm: Orm,
  tag: string,
  filter: SubscriberFilter,
  isListed: boolean,
  afterId: string | null,
  count: number,
) {
  const id = subscriberTags.subscriberId;
  return orm
    .select({ id })
    .from(subscriberTags)
    .where(
      and(
        eq(subscriberTags.tag, tag),
        isWithin(id, filter, afterId),
        isListed ? exists(subscriptionsIn(orm, id, filter)) : undefined,
      ),
    )
    .orderBy(desc(id))
    .limit(count);
}

function idsOnLists(orm: Orm, filter: SubscriberFilter, afterId: string | null, count: number) {
  const id = subscriptions.subscriberId;
  return orm
    .select({ id })
    .from(subscriptions)
    .where(and(isMeant(filter), isWithin(id, filter, afterId)))
    .groupBy(id)
    .orderBy(desc(id))
    .limit(count);
}

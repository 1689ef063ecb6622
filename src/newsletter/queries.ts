import { and, desc, eq, getTableColumns, inArray, lt, sql, type SQL } from 'drizzle-orm';
import { consents, subscribers, subscriptions } from '../../drizzle/newsletter.ts';
import type { Orm, Statement } from '../platform/database.ts';
import type { SubscriberFilter } from './contract.ts';

type StoredSubscription = {
  list_id: string;
  state: string;
  created_at: number;
  updated_at: number;
};

export type NewSubscriber = typeof subscribers.$inferInsert;
export type NewConsent = Omit<typeof consents.$inferInsert, 'subscriberId'>;

/** A subscriber with the state on each list. */
export type Subscriber = typeof subscribers.$inferSelect & { subscriptions: StoredSubscription[] };

const subscriptionsOf = sql<StoredSubscription[]>`(
  SELECT json_group_array(json_object('list_id', list_id, 'state', state,
    'created_at', created_at, 'updated_at', updated_at))
  FROM subscriptions WHERE subscriber_id = ${subscribers.id})`.mapWith(
  (text: string) => JSON.parse(text) as StoredSubscription[],
);

const columns = { ...getTableColumns(subscribers), subscriptions: subscriptionsOf };

/**
 * Signs an address up: the same statements, in the same batch, whether it is known or not, so that neither the
 * answer nor its timing tells. A subscription that exists stays as it is.
 */
export function insertSignUp(
  orm: Orm,
  subscriber: NewSubscriber,
  consent: NewConsent,
): Statement[] {
  const { emailKey } = subscriber;
  const known = sql`(SELECT id FROM subscribers WHERE email_key = ${emailKey})`;
  return [
    orm.insert(subscribers).values(subscriber).onConflictDoNothing(),
    orm
      .insert(subscriptions)
      .values({
        subscriberId: known as SQL<string>,
        listId: consent.listId,
        state: 'pending',
        createdAt: consent.at,
        updatedAt: consent.at,
      } as unknown as typeof subscriptions.$inferInsert)
      .onConflictDoNothing(),
    orm
      .insert(consents)
      .values({ ...consent, subscriberId: known } as unknown as typeof consents.$inferInsert)
      .onConflictDoNothing({ target: consents.id }),
  ];
}

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

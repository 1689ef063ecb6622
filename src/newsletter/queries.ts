import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, ne } from 'drizzle-orm';
import { lists } from '../../drizzle/lists.ts';
import {
  confirmations,
  consents,
  subscribers,
  subscriptions,
  suppressions,
} from '../../drizzle/newsletter.ts';
import type { Orm } from '../platform/database.ts';
import { subscriberKnownAs } from './statements.ts';

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

/** The subscriptions of a person, by id or by the key of their address; with a list's id, that one alone. */
export function selectSubscriptionsOf(
  orm: Orm,
  person: string | { emailKey: string },
  listId?: string | null,
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
        typeof person === 'string'
          ? eq(subscriptions.subscriberId, person)
          : eq(subscribers.emailKey, person.emailKey),
        listId == null ? undefined : eq(subscriptions.listId, listId),
      ),
    )
    .orderBy(asc(lists.name), asc(lists.id));
}

/** What a link to leave is about: the list, and who is on it; null for what is there no more. */
export type Leaving = { [Part in keyof SubscriptionFor]: SubscriptionFor[Part] | null };

/** A list, and the subscription to it of the person for whom a hash stands. */
export function selectLeaving(
  orm: Orm,
  subjectHash: string,
  listId: string,
): PromiseLike<Leaving[]> {
  const known = subscriberKnownAs(subjectHash, listId);
  return orm
    .select({
      subscriber: getTableColumns(subscribers),
      list: getTableColumns(lists),
      state: subscriptions.state,
    })
    .from(lists)
    .leftJoin(
      subscriptions,
      and(eq(subscriptions.listId, lists.id), eq(subscriptions.subscriberId, known)),
    )
    .leftJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .where(eq(lists.id, listId));
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

/** The newest evidence that names its person both ways, by which a secret can be told to be the right one. */
export function selectKnownSubject(
  orm: Orm,
): PromiseLike<{ subjectHash: string | null; emailKey: string }[]> {
  return orm
    .select({ subjectHash: consents.subjectHash, emailKey: subscribers.emailKey })
    .from(consents)
    .innerJoin(subscribers, eq(subscribers.id, consents.subscriberId))
    .where(isNotNull(consents.subjectHash))
    .orderBy(desc(consents.id))
    .limit(1);
}

import type { Deps } from '../deps.ts';
import { evidenceOf, type Circumstances } from './evidence.ts';
import { readLinkToken } from './links.ts';
import { selectSubscriptionsOf, type SubscriptionFor } from './queries.ts';
import { endSubscription } from './statements.ts';

/** The subscription that an unsubscribe link is about; null where there is none, or the link is not ours. */
export async function findByUnsubscribeLink(
  deps: Pick<Deps, 'database' | 'config'>,
  token: string,
): Promise<SubscriptionFor | null> {
  const subject = await readLinkToken(deps.config, 'unsubscribe', token);
  if (subject === null) return null;
  const [found = null] = await deps.database.read((orm) =>
    selectSubscriptionsOf(orm, subject.subscriberId, subject.listId),
  );
  return found;
}

/** Ends the subscription that a link is about. A repeat changes nothing. Null as above. */
export async function unsubscribe(
  deps: Pick<Deps, 'database' | 'config' | 'now'>,
  token: string,
  circumstances: Circumstances,
): Promise<SubscriptionFor | null> {
  const found = await findByUnsubscribeLink(deps, token);
  if (found === null) return null;
  const { subscriber, list } = found;
  const consent = await evidenceOf(deps.config, {
    ...{ action: 'unsubscribed', listId: list.id, emailKey: subscriber.emailKey },
    ...{ actor: 'subscriber', at: deps.now(), ...circumstances },
  });
  await deps.database.write((orm) =>
    endSubscription(orm, { ...consent, subscriberId: subscriber.id }),
  );
  return found;
}

import type { Deps } from '../deps.ts';
import { evidenceOf, type Circumstances } from './evidence.ts';
import { readLinkToken, type LinkSubject } from './links.ts';
import { selectLeaving, type Leaving } from './queries.ts';
import { endSubscription, subscriberKnownAs } from './statements.ts';

/** What an unsubscribe link is about; null where it is not ours. */
export async function findByUnsubscribeLink(
  deps: Pick<Deps, 'database' | 'config'>,
  token: string,
): Promise<Leaving | null> {
  const subject = await readLinkToken(deps.config, 'unsubscribe', token);
  return subject === null ? null : findLeaving(deps, subject);
}

/**
 * Ends the subscription that a link is about, also one of a later row of the same person, and keeps them from being
 * brought back where they have none. A repeat changes nothing. Null as above.
 */
export async function unsubscribe(
  deps: Pick<Deps, 'database' | 'config' | 'now'>,
  token: string,
  circumstances: Circumstances,
): Promise<Leaving | null> {
  const subject = await readLinkToken(deps.config, 'unsubscribe', token);
  if (subject === null) return null;
  const { person: subjectHash, listId } = subject;
  const found = await findLeaving(deps, subject);
  const consent = await evidenceOf({
    ...{ action: 'unsubscribed', listId, subjectHash, actor: 'subscriber', at: deps.now() },
    ...circumstances,
  });
  const subscriberId = subscriberKnownAs(subjectHash, listId);
  await deps.database.write((orm) => endSubscription(orm, { ...consent, subscriberId }));
  return found;
}

async function findLeaving(
  deps: Pick<Deps, 'database'>,
  { person, listId }: LinkSubject,
): Promise<Leaving> {
  const [found] = await deps.database.read((orm) => selectLeaving(orm, person, listId));
  return found ?? { list: null, subscriber: null, state: null };
}

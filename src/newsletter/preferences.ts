import type { Deps } from '../deps.ts';
import { evidenceOf, type Circumstances } from './evidence.ts';
import { readLinkToken } from './links.ts';
import { subjectHashes } from '../subjects/subject-hash.ts';
import { selectPublicLists, selectSubscriptionsOf, type SubscriptionFor } from './queries.ts';
import { endSubscription, joinByLink } from './statements.ts';

/** A list as a person's preferences show it. */
export type Preference = Pick<SubscriptionFor, 'list'> & { isOn: boolean; mayJoin: boolean };

/** Whom a preferences link is for, and the lists that they are on or may find. Null for a link that is not ours. */
export async function findPreferences(
  deps: Pick<Deps, 'database' | 'config'>,
  token: string,
): Promise<{ subscriber: SubscriptionFor['subscriber']; preferences: Preference[] } | null> {
  const subject = await readLinkToken(deps.config, 'preferences', token);
  if (subject === null) return null;
  const [own, found] = await Promise.all([
    deps.database.read((orm) => selectSubscriptionsOf(orm, subject.person)),
    deps.database.read((orm) => selectPublicLists(orm)),
  ]);
  const [first] = own;
  if (first === undefined) return null;
  const others = found.filter((list) => own.every((each) => each.list.id !== list.id));
  return {
    subscriber: first.subscriber,
    preferences: [
      ...own.map(({ list, state }) => ({
        list,
        isOn: state === 'active' || state === 'pending',
        mayJoin: state !== 'complained',
      })),
      ...others.map((list) => ({ list, isOn: false, mayJoin: true })),
    ],
  };
}

/** Leaves the lists that were shown and are not wanted, and joins those that are: the person's own act, by their link. */
export async function savePreferences(
  deps: Pick<Deps, 'database' | 'config' | 'now'>,
  token: string,
  { shown, wanted }: { shown: string[]; wanted: string[] },
  circumstances: Circumstances,
): Promise<void> {
  const found = await findPreferences(deps, token);
  if (found === null) return;
  const { subscriber, preferences } = found;
  const at = deps.now();
  const hashes = await subjectHashes(deps.config, subscriber.emailKey);
  const changes = await Promise.all(
    preferences
      .filter(({ list }) => shown.includes(list.id))
      .filter(({ list, isOn, mayJoin }) => isOn !== wanted.includes(list.id) && (isOn || mayJoin))
      .map(async ({ list, isOn }) => {
        const action = isOn ? ('unsubscribed' as const) : ('confirmed' as const);
        const { text, version } = { text: list.consentText, version: list.consentVersion };
        const consent = await evidenceOf({
          ...{ action, listId: list.id, subjectHash: hashes[0], actor: 'subscriber', at },
          ...(isOn ? {} : { text, textVersion: version }),
          ...circumstances,
        });
        return { isOn, consent: { ...consent, subscriberId: subscriber.id } };
      }),
  );
  await deps.database.write((orm) =>
    changes.flatMap(({ isOn, consent }) =>
      isOn ? endSubscription(orm, consent) : joinByLink(orm, consent, hashes),
    ),
  );
}

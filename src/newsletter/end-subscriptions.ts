import type { Deps } from '../deps.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { evidenceOf, nowhere } from './evidence.ts';
import { selectSubscriptionsOf } from './queries.ts';
import { endSubscription } from './statements.ts';
import { subjectHashes, type SubjectConfig } from '../subjects/subject-hash.ts';

/** Who is taken off, by an operator: a person by id or by the key of their address, and the list; null for all. */
export type Ending = {
  person: string | { emailKey: string };
  listId: string | null;
  actor: string;
  at: number;
};

/**
 * What ends the subscriptions of a person that are on: the ids of their lists, and the statements for a batch, with the
 * evidence of each.
 */
export async function endSubscriptions(
  deps: Pick<Deps, 'database'> & { config: SubjectConfig },
  { person, listId, actor, at }: Ending,
): Promise<{ listIds: string[]; statements: (orm: Orm) => Statement[] }> {
  const found = await deps.database.read((orm) => selectSubscriptionsOf(orm, person, listId));
  const on = found.filter(({ state }) => ['pending', 'active', 'bounced'].includes(state));
  const rows = await Promise.all(
    on.map(async ({ subscriber: { id: subscriberId, emailKey }, list }) => {
      const [subjectHash] = await subjectHashes(deps.config, emailKey);
      const act = { action: 'unsubscribed' as const, listId: list.id, subjectHash, actor, at };
      return { ...(await evidenceOf({ ...act, ...nowhere })), subscriberId };
    }),
  );
  return {
    listIds: on.map(({ list }) => list.id),
    statements: (orm) => rows.flatMap((consent) => endSubscription(orm, consent)),
  };
}

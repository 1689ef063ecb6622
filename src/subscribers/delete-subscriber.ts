import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import type { Deps } from '../deps.ts';
import { requireKnown, untilFirst, type KnownVersions } from '../platform/versions.ts';
import { isUnchanged } from './queries.ts';
import { readSubscriber } from './read-subscriber.ts';
import { removeSubscriber } from './statements.ts';
import { subjectHashes, type SubjectConfig } from '../subjects/subject-hash.ts';

/**
 * Deletes a subscriber for good, with the subscriptions and what was still to be sent. The ledger and the suppressions
 * stay, under a hash of the address. Throws `not_found`, `precondition_failed`, `conflict`.
 */
export async function deleteSubscriber(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'> & { config: SubjectConfig },
  id: string,
  by: By & { known: KnownVersions },
): Promise<void> {
  const { known, ...author } = by;
  await untilFirst(deps, 'subscriber', async () => {
    const subscriber = await readSubscriber(deps, id);
    requireKnown('subscriber', subscriber.version, known);
    const [subjectHash] = await subjectHashes(deps.config, subscriber.emailKey);
    const of = { targetId: id, detail: {}, at: deps.now() };
    const act = newAct({ action: 'subscriber.deleted', ...author, ...of });
    const isDone = await carryOut(
      deps,
      act,
      (orm) => isUnchanged(orm, subscriber),
      (orm) => removeSubscriber(orm, id, subjectHash),
    );
    return isDone ? subscriber : null;
  });
}

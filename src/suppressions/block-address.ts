import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import type { Deps } from '../deps.ts';
import { noSuch } from '../errors.ts';
import { endSubscriptions } from '../newsletter/end-subscriptions.ts';
import { subjectHashes, type SubjectConfig } from '../subjects/subject-hash.ts';
import type { NewSuppression } from './contract.ts';
import { selectSuppressions } from './queries.ts';
import { insertSuppression, isList, type Suppression } from './statements.ts';

/**
 * Has an address never written to, about a list or any, and ends the subscriptions that this is about. A repeat changes
 * nothing, and is answered the same row. Throws `validation_failed`.
 */
export async function blockAddress(
  deps: Pick<Deps, 'database' | 'now'> & { config: SubjectConfig },
  { email: { key: emailKey }, list_id: list }: NewSuppression,
  by: By,
): Promise<{ suppression: Suppression; isNew: boolean }> {
  const [at, listId, reason] = [deps.now(), list ?? '', 'blocked' as const];
  const { actor } = by;
  const hashes = await subjectHashes(deps.config, emailKey);
  const about = { person: { emailKey }, listId: list ?? null, actor, at };
  const [[known], ending] = await Promise.all([
    deps.database.read((orm) =>
      selectSuppressions(orm, { list_id: listId, reason }, hashes, null, 1),
    ),
    endSubscriptions(deps, about),
  ]);
  const [subjectHash] = hashes;
  const suppression = known ?? { subjectHash, listId, reason, actor, createdAt: at };
  const isNew = known === undefined;
  if (!isNew && ending.listIds.length === 0) return { suppression, isNew };

  const of = { targetId: subjectHash, detail: { list_id: list ?? null, reason }, at };
  const act = newAct({ action: 'suppression.added', ...by, ...of });
  const isDone = await carryOut(
    deps,
    act,
    (orm) => (list === undefined ? undefined : isList(orm, list)),
    (orm) => [
      insertSuppression(orm, { subjectHash, listId, reason, actor, createdAt: at }),
      ...ending.statements(orm),
    ],
  );
  if (!isDone) throw noSuch('list_id', 'list');
  // From here on nobody signs up any more, but one may have done so before.
  const late = await endSubscriptions(deps, about);
  if (late.listIds.length > 0) await deps.database.write(late.statements);
  return { suppression, isNew };
}

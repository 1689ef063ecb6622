import { newAct, recordAct, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { invalidFields } from '../errors.ts';
import { endSubscriptions } from '../newsletter/end-subscriptions.ts';
import type { Subscriber } from './queries.ts';
import { readSubscriber } from './read-subscriber.ts';
import type { SubjectConfig } from '../subjects/subject-hash.ts';

/**
 * Ends a person's subscription to a list, or to all where it is null, by an operator. A repeat changes nothing. Throws
 * `not_found`, `validation_failed`.
 */
export async function unsubscribeSubscriber(
  deps: Pick<Deps, 'database' | 'now'> & { config: SubjectConfig },
  id: string,
  listId: string | null,
  by: By,
): Promise<Subscriber> {
  const { subscriptions } = await readSubscriber(deps, id);
  if (listId !== null && subscriptions.every((each) => each.list_id !== listId)) {
    const message = 'is no list that this person has been on';
    throw invalidFields([{ field: 'list_id', code: 'not_found', message }]);
  }
  const [actor, at] = [by.actor, deps.now()];
  const { listIds, statements } = await endSubscriptions(deps, { person: id, listId, actor, at });
  if (listIds.length > 0) {
    const of = { targetId: id, detail: { list_ids: listIds }, at };
    const act = newAct({ action: 'subscriber.unsubscribed', ...by, ...of });
    await deps.database.write((orm) => [...statements(orm), recordAct(orm, act)]);
  }
  return readSubscriber(deps, id);
}

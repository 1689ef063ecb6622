import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import type { Deps } from '../deps.ts';
import { invalidFields } from '../errors.ts';
import { requireKnown, untilFirst, type KnownVersions } from '../platform/versions.ts';
import type { SubscriberChanges } from './contract.ts';
import { areKept, tooManyAttributes, type AttributeValue } from './profile.ts';
import { isUnchanged, type Subscriber } from './queries.ts';
import { readSubscriber } from './read-subscriber.ts';
import { updateSubscriber } from './statements.ts';

/**
 * Changes what is known of a subscriber, but not the address. Without `If-Match` the later of two writers is applied on
 * top. The audit log keeps which fields, not what they hold. Throws `not_found`, `precondition_failed`,
 * `validation_failed`, `conflict`.
 */
export function changeSubscriber(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'>,
  id: string,
  changes: SubscriberChanges,
  by: By & { known: KnownVersions },
): Promise<Subscriber> {
  const { known, ...author } = by;
  return untilFirst(deps, 'subscriber', async () => {
    const before = await readSubscriber(deps, id);
    requireKnown('subscriber', before.version, known);
    const wanted = {
      fullName: changes.full_name === undefined ? before.fullName : changes.full_name,
      language: changes.language === undefined ? before.language : changes.language,
      tags: changes.tags ?? before.tags,
      attributes: merge(before.attributes, changes.attributes ?? {}),
    };
    const fields = Object.keys(changes).filter((field) => {
      const column = field === 'full_name' ? 'fullName' : (field as keyof typeof wanted);
      return JSON.stringify(wanted[column]) !== JSON.stringify(before[column]);
    });
    if (fields.length === 0) return before;

    const at = deps.now();
    const columns = { ...wanted, updatedAt: at, version: before.version + 1 };
    const of = { targetId: id, detail: { fields }, at };
    const act = newAct({ action: 'subscriber.changed', ...author, ...of });
    const isDone = await carryOut(
      deps,
      act,
      (orm) => isUnchanged(orm, before),
      (orm) => [updateSubscriber(orm, id, columns)],
    );
    return isDone ? { ...before, ...columns } : null;
  });
}

/** Attributes by their names; null removes one. */
function merge(
  before: Record<string, AttributeValue>,
  changes: Record<string, AttributeValue | null>,
): Record<string, AttributeValue> {
  const entries = Object.entries({ ...before, ...changes });
  const merged = Object.fromEntries(
    entries.filter((entry): entry is [string, AttributeValue] => entry[1] !== null),
  );
  if (!areKept(merged)) throw invalidFields([tooManyAttributes]);
  return merged;
}

import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import { requirePublicList } from '../lists/require-public-list.ts';
import { requireKnown, untilFirst, type KnownVersions } from '../platform/versions.ts';
import type { FormChanges } from './contract.ts';
import type { FormDeps } from './form-deps.ts';
import { readForm } from './read-form.ts';
import { changesTo, toColumns } from './form-columns.ts';
import { forgetForm } from './forget-form.ts';
import { mayPointTo, updateForm, type FormWithAddresses } from './queries.ts';
import { requireFitting } from './require-fitting.ts';

/**
 * Changes a form: at once here, within 10 s everywhere. Without `If-Match` the later of two writers is applied on top.
 * Throws `not_found`, `precondition_failed`, `conflict`, and `validation_failed` for what
 * does not fit its kind, or a list that is not public.
 */
export function changeForm(
  deps: FormDeps,
  id: string,
  changes: FormChanges,
  by: By & { known: KnownVersions },
): Promise<FormWithAddresses> {
  const { known, ...author } = by;
  return untilFirst(deps, 'form', async () => {
    const before = await readForm(deps, id);
    requireKnown('form', before.version, known);
    requireFitting(before.kind, changes);
    const changed = changesTo(before, changes);
    const fields = Object.keys(changed);
    if (fields.length === 0) return before;

    const listId = changed.list_id ?? null;
    if (listId !== null) await requirePublicList(deps, listId);
    const at = deps.now();
    const columns = { ...toColumns(changed), updatedAt: at, version: before.version + 1 };
    const act = newAct({ action: 'form.changed', ...author, targetId: id, detail: { fields }, at });
    const isDone = await carryOut(
      deps,
      act,
      (orm) => mayPointTo(orm, before, listId),
      (orm) => [updateForm(orm, id, columns)],
    );
    if (!isDone) return null;
    forgetForm(deps, id);
    return { ...before, ...columns };
  });
}

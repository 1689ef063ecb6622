import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import type { Deps } from '../deps.ts';
import { AppError, invalidFields } from '../errors.ts';
import { requireKnown, untilFirst, type KnownVersions } from '../platform/versions.ts';
import type { ListChanges } from './contract.ts';
import { changesTo, hashOfWords, toColumns } from './list-columns.ts';
import { formsOf, mayBecome } from './queries.ts';
import { readList } from './read-list.ts';
import { updateList, type List } from './statements.ts';

/**
 * Changes a list. Without `If-Match` the later of two writers is applied on top. Throws `not_found`,
 * `precondition_failed`, `validation_failed` for other words under the same version, and `conflict`, also for a list
 * that is to be private while forms sign people up to it.
 */
export function changeList(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'>,
  id: string,
  changes: ListChanges,
  by: By & { known: KnownVersions },
): Promise<List> {
  const { known, ...author } = by;
  return untilFirst(deps, 'list', async () => {
    const before = await readList(deps, id);
    requireKnown('list', before.version, known);
    const changed = changesTo(before, changes);
    const fields = Object.keys(changed);
    if (fields.length === 0) return before;
    const at = deps.now();
    const wanted = { ...before, ...toColumns(changed), updatedAt: at, version: before.version + 1 };
    const after = { ...wanted, ...(await hashOfWords(wanted)) };
    requireNewVersion(before, after);
    if (changed.visibility === 'private') await requireNoForm(deps, id);
    const act = newAct({ action: 'list.changed', ...author, targetId: id, detail: { fields }, at });
    const isDone = await carryOut(
      deps,
      act,
      (orm) => mayBecome(orm, before, after),
      (orm) => [updateList(orm, id, after)],
    );
    return isDone ? after : null;
  });
}

/** The ledger says which words a person agreed to by their version, too: one version stands for one text. */
function requireNewVersion(before: List, { consentText, consentVersion }: List): void {
  const isSame = consentVersion !== null && consentVersion === before.consentVersion;
  if (consentText === before.consentText || !isSame) return;
  const message = 'must change with consent_text: people have agreed to other words under it';
  throw invalidFields([{ field: 'consent_version', code: 'version_reused', message }]);
}

async function requireNoForm(deps: Pick<Deps, 'database'>, id: string): Promise<void> {
  const [form] = await deps.database.read((orm) => formsOf(orm, id).limit(1));
  if (form !== undefined) throw formPoints;
}

const formPoints = new AppError(
  'conflict',
  'A form signs people up to this list. Point the form to another list first, or delete it.',
);

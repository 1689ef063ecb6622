import { newAct, recordAct } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { randomBase62 } from '../lib/base62.ts';
import type { FormChanges } from './contract.ts';
import type { By } from './create-form.ts';
import { readForm } from './find-form.ts';
import { toColumns } from './form-columns.ts';
import { insertAddress, retireAddress, updateForm, type FormWithAddress } from './queries.ts';

type FormDeps = Pick<Deps, 'database' | 'formCache' | 'now'>;

/**
 * Changes a form: at once here, within 10 s everywhere. Throws `not_found`, `precondition_failed` for a writer that
 * does not know the form's version, `conflict` when another one was first.
 */
export async function changeForm(
  deps: FormDeps,
  id: string,
  changes: FormChanges,
  by: By & { known: number[] | null },
): Promise<FormWithAddress> {
  const before = await readForm(deps, id);
  if (by.known !== null && !by.known.includes(before.version)) {
    throw new AppError('precondition_failed', 'The form has changed since. Read it again.', {
      headers: { ETag: `"${before.version}"` },
    });
  }
  const at = deps.now();
  const changed = { ...toColumns(changes), updatedAt: at, version: before.version + 1 };
  const act = newAct({
    ...{ action: 'form.changed' as const, actor: by.actor, requestId: by.requestId },
    ...{ targetId: id, detail: { fields: Object.keys(changes) }, at },
  });
  await deps.database.write((orm) => [updateForm(orm, before, changed), recordAct(orm, act)]);
  deps.formCache.forget(id);
  const after = await readForm(deps, id);
  if (after.version === changed.version && after.updatedAt === at) return after;
  throw new AppError('conflict', 'Another writer changed this form at the same time. Try again.');
}

/**
 * Gives a form a new address, where the old one has become known to the wrong people. Addresses before it work on for
 * some hours; with 0 they stop at once here, within 10 s everywhere. Throws `not_found`.
 */
export async function replaceAddress(
  deps: FormDeps,
  id: string,
  keepHours: number,
  by: By,
): Promise<FormWithAddress> {
  const form = await readForm(deps, id);
  const at = deps.now();
  const address = randomBase62(24);
  const act = newAct({ action: 'form.address_replaced', ...by, targetId: id, detail: {}, at });
  await deps.database.write((orm) => [
    insertAddress(orm, id, address, at),
    retireAddress(orm, id, address, at + keepHours * 3_600_000),
    recordAct(orm, act),
  ]);
  deps.formCache.forget(id);
  return { ...form, address };
}

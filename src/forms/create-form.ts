import { newAct, recordAct } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import type { NewForm } from './contract.ts';
import { toColumns } from './form-columns.ts';
import { insertForm, type FormWithAddress } from './queries.ts';

/** Who changes forms. */
export type By = { actor: string; requestId: string | null };

/** Makes a form. Its first address is its id. */
export async function createForm(
  deps: Pick<Deps, 'database' | 'now'>,
  input: NewForm,
  by: By,
): Promise<FormWithAddress> {
  const at = deps.now();
  const id = newId('form', at);
  const form: FormWithAddress = {
    ...toColumns(input),
    ...{ id, address: id, createdAt: at, updatedAt: at, version: 1 },
  };
  const act = newAct({ action: 'form.created', ...by, targetId: id, detail: {}, at });
  await deps.database.write((orm) => [...insertForm(orm, form), recordAct(orm, act)]);
  return form;
}

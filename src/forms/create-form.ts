import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { insertForm, type Form } from './queries.ts';

/** Makes a form that a publishable key can be bound to. */
export async function createForm(
  deps: Pick<Deps, 'database' | 'now'>,
  input: { name: string; defaultSource: string | null; defaultCategory: string | null },
): Promise<Form> {
  const at = deps.now();
  const form = {
    ...input,
    id: newId('form', at),
    allowedOrigins: [],
    active: true,
    createdAt: at,
    updatedAt: at,
  };
  await deps.database.write((orm) => [insertForm(orm, form)]);
  return form;
}

import type { Deps } from '../deps.ts';
import { selectForms, type Form } from './queries.ts';

/** Every form, oldest first. */
export function listForms(deps: Pick<Deps, 'database'>): Promise<Form[]> {
  return deps.database.read((orm) => selectForms(orm));
}

import type { Deps } from '../deps.ts';
import { invalidFields, type AppError } from '../errors.ts';
import { findList } from './queries.ts';

/** Throws 422 for a list that strangers may not sign up to. */
export async function requirePublicList(deps: Pick<Deps, 'database'>, id: string): Promise<void> {
  const list = await deps.database.read((orm) => findList(orm, id));
  if (list?.visibility !== 'public') throw noPublicList();
}

/** The 422 for a form whose list is not there, or private. */
export function noPublicList(): AppError {
  const message = 'must be the id of a public list';
  return invalidFields([{ field: 'list_id', code: 'not_found', message }]);
}

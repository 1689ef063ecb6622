import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { findKey, type ApiKey } from './queries.ts';

/** One key. Throws `not_found`. */
export async function readKey(deps: Pick<Deps, 'database'>, id: string): Promise<ApiKey> {
  const key = await deps.database.read((orm) => findKey(orm, id));
  if (key === undefined) throw notFound('key');
  return key;
}

import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { findImport } from './queries.ts';
import type { Import } from './statements.ts';

/** One import. Throws `not_found`. */
export async function readImport(deps: Pick<Deps, 'database'>, id: string): Promise<Import> {
  const [found] = await deps.database.read((orm) => findImport(orm, id));
  if (found === undefined) throw notFound('import');
  return found;
}

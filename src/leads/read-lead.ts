import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { findLead } from './queries.ts';
import type { Lead } from './statements.ts';

/** One lead. Throws `not_found`. */
export async function readLead(deps: Pick<Deps, 'database'>, id: string): Promise<Lead> {
  const lead = await deps.database.read((orm) => findLead(orm, id));
  if (lead === undefined) throw notFound('lead');
  return lead;
}

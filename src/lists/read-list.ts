import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { noCounts, type Counts } from './contract.ts';
import { countByState, findList } from './queries.ts';
import type { List } from './statements.ts';

/** One list. Throws `not_found`. */
export async function readList(deps: Pick<Deps, 'database'>, id: string): Promise<List> {
  const list = await deps.database.read((orm) => findList(orm, id));
  if (list === undefined) throw notFound('list');
  return list;
}

/** How many people are in each state on a list. */
export async function countPeople(deps: Pick<Deps, 'database'>, id: string): Promise<Counts> {
  const rows = await deps.database.read((orm) => countByState(orm, id));
  return { ...noCounts, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
}

import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { findRow } from './queries.ts';
import type { OutboxRow } from './statements.ts';

/** One row of the outbox. Throws `not_found`. */
export async function readRow(deps: Pick<Deps, 'database'>, id: string): Promise<OutboxRow> {
  const [row] = await deps.database.read((orm) => findRow(orm, id));
  if (row === undefined) throw notFound('row of the outbox');
  return row;
}

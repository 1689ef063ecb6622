import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { selectForm, type FormWithAddresses } from './queries.ts';

/** One form. Throws `not_found`. */
export async function readForm(
  deps: Pick<Deps, 'database'>,
  id: string,
): Promise<FormWithAddresses> {
  const rows = await deps.database.read((orm) => selectForm(orm, id));
  const [present] = rows;
  if (present === undefined) throw notFound('form');
  const addresses = rows.map((row) => row.at);
  return { ...present.form, address: present.at.address, addresses };
}

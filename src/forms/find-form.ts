import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { findForm, findFormAt, type FormWithAddress } from './queries.ts';

/** One form. Throws `not_found`. */
export async function readForm(deps: Pick<Deps, 'database'>, id: string): Promise<FormWithAddress> {
  const form = await deps.database.read((orm) => findForm(orm, id));
  if (form === undefined) throw notFound('form');
  return form;
}

/** The form at an address: from memory when it was looked up in the last seconds. Null where there is none. */
export async function findFormByAddress(
  deps: Pick<Deps, 'database' | 'formCache' | 'now'>,
  address: string,
): Promise<FormWithAddress | null> {
  if (!/^\w{10,60}$/.test(address)) return null;
  const readAt = deps.now();
  const cached = deps.formCache.find(address, readAt);
  if (cached !== undefined) return cached;
  const form = (await deps.database.read((orm) => findFormAt(orm, address, readAt))) ?? null;
  deps.formCache.keep(address, form, readAt);
  return form;
}

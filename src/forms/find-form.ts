import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { selectFormAt, type FormWithAddress } from './queries.ts';

/** The form at an address: from memory when it was looked up in the last seconds. Null where there is none. */
export async function findFormByAddress(
  deps: Pick<Deps, 'database' | 'formCache' | 'now'>,
  address: string,
): Promise<FormWithAddress | null> {
  if (!/^\w{10,60}$/.test(address)) return null;
  const now = deps.now();
  const cached = deps.formCache.find(address, now);
  if (cached !== undefined) return cached !== null && works(cached, now) ? cached : null;
  const [form = null] = await deps.database.read((orm) => selectFormAt(orm, address, now));
  deps.formCache.keep(address, form, now);
  return form;
}

/** Whether an address takes entries at a moment, in epoch milliseconds. */
export function works({ retiresAt }: { retiresAt: number | null }, now: number): boolean {
  return retiresAt === null || retiresAt > now;
}

/** The 404 for an address where no form takes entries. */
export function noFormThere(): AppError {
  return new AppError('not_found', 'There is no form at this address.');
}

import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import type { FormFilter } from './contract.ts';
import { selectForms, type FormWithAddress } from './queries.ts';

/** A page of the forms that match a filter, newest first. */
export async function listForms(
  deps: Pick<Deps, 'database'>,
  filter: FormFilter,
  page: { after: Position | null; limit: number },
): Promise<Page<FormWithAddress>> {
  const rows = await deps.database.read((orm) =>
    selectForms(orm, filter, page.after, page.limit + 1),
  );
  return toPage(rows, page.limit, (form) => ({ value: form.createdAt, id: form.id }));
}

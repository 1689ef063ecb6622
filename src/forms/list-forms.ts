import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import { selectForms, type FormWithAddress } from './queries.ts';

/** A page of forms, newest first. */
export async function listForms(
  deps: Pick<Deps, 'database'>,
  page: { after: Position | null; limit: number },
): Promise<Page<FormWithAddress>> {
  const rows = await deps.database.read((orm) => selectForms(orm, page.after, page.limit + 1));
  return toPage(rows, page.limit, (form) => ({ value: form.createdAt, id: form.id }));
}

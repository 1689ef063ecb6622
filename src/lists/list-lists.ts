import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import type { ListFilter } from './contract.ts';
import { selectLists } from './queries.ts';
import type { List } from './statements.ts';

/** A page of the lists that match a filter, newest first. */
export async function listLists(
  deps: Pick<Deps, 'database'>,
  filter: ListFilter,
  page: { after: Position | null; limit: number },
): Promise<Page<List>> {
  const rows = await deps.database.read((orm) =>
    selectLists(orm, filter, page.after, page.limit + 1),
  );
  return toPage(rows, page.limit, ({ createdAt, id }) => ({ value: createdAt, id }));
}

import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import { selectErasures, type Erasure } from './queries.ts';

/** A page of the receipts of erasures, newest first. */
export async function listErasures(
  deps: Pick<Deps, 'database'>,
  page: { after: Position | null; limit: number },
): Promise<Page<Erasure>> {
  const rows = await deps.database.read((orm) =>
    selectErasures(orm, page.after?.id ?? null, page.limit + 1),
  );
  return toPage(rows, page.limit, ({ at, id }) => ({ value: at, id }));
}

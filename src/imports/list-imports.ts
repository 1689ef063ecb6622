import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import { selectImports } from './queries.ts';
import type { Import } from './statements.ts';

/** A page of the imports, newest first. */
export async function listImports(
  deps: Pick<Deps, 'database'>,
  page: { after: Position | null; limit: number },
): Promise<Page<Import>> {
  const rows = await deps.database.read((orm) =>
    selectImports(orm, page.after?.id ?? null, page.limit + 1),
  );
  return toPage(rows, page.limit, ({ createdAt, id }) => ({ value: createdAt, id }));
}

import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import { selectKeys, type ApiKey } from './queries.ts';

/** A page of keys, newest first, revoked ones too. */
export async function listKeys(
  deps: Pick<Deps, 'database'>,
  page: { after: Position | null; limit: number },
): Promise<Page<ApiKey>> {
  const rows = await deps.database.read((orm) => selectKeys(orm, page.after, page.limit + 1));
  return toPage(rows, page.limit, (key) => ({ value: key.createdAt, id: key.id }));
}

import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import type { OutboxFilter } from './contract.ts';
import { selectRows } from './queries.ts';
import type { OutboxRow } from './statements.ts';

/** A page of the outbox, newest first. */
export async function listOutbox(
  deps: Pick<Deps, 'database'>,
  { state }: OutboxFilter,
  page: { after: Position | null; limit: number },
): Promise<Page<OutboxRow>> {
  const rows = await deps.database.read((orm) =>
    selectRows(orm, state, page.after?.id ?? null, page.limit + 1),
  );
  return toPage(rows, page.limit, ({ createdAt, id }) => ({ value: createdAt, id }));
}

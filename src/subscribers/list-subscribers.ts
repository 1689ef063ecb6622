import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import type { SubscriberFilter } from './contract.ts';
import { selectSubscribers, type Subscriber } from './queries.ts';

/** A page of the subscribers that match a filter, newest first. */
export async function listSubscribers(
  deps: Pick<Deps, 'database'>,
  filter: SubscriberFilter,
  page: { after: Position | null; limit: number },
): Promise<Page<Subscriber>> {
  const rows = await deps.database.read((orm) =>
    selectSubscribers(orm, filter, page.after?.id ?? null, page.limit + 1),
  );
  return toPage(rows, page.limit, ({ createdAt, id }) => ({ value: createdAt, id }));
}

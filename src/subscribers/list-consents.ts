import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import { selectConsents, type Consent } from './queries.ts';
import { readSubscriber } from './read-subscriber.ts';

/** A page of a person's ledger, oldest first. Throws `not_found`. */
export async function listConsents(
  deps: Pick<Deps, 'database'>,
  subscriberId: string,
  page: { after: Position | null; limit: number },
): Promise<Page<Consent>> {
  const [rows] = await Promise.all([
    deps.database.read((orm) => selectConsents(orm, subscriberId, page.after, page.limit + 1)),
    readSubscriber(deps, subscriberId),
  ]);
  return toPage(rows, page.limit, (consent) => ({ value: consent.at, id: consent.id }));
}

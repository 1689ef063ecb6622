import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import type { LeadFilter } from './contract.ts';
import { positionOf, selectLeads } from './queries.ts';
import type { Lead } from './statements.ts';

/** A page of the leads that match a filter. */
export async function listLeads(
  deps: Pick<Deps, 'database'>,
  filter: LeadFilter,
  page: { after: Position | null; limit: number },
): Promise<Page<Lead>> {
  const rows = await deps.database.read((orm) =>
    selectLeads(orm, filter, page.after, page.limit + 1),
  );
  return toPage(rows, page.limit, (lead) => positionOf(filter, lead));
}

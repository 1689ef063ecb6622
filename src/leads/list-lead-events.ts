import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import { selectLeadEvents } from './queries.ts';
import type { LeadEvent } from './statements.ts';
import { readLead } from './read-lead.ts';

/** A page of a lead's timeline, oldest first. Throws `not_found`. */
export async function listLeadEvents(
  deps: Pick<Deps, 'database'>,
  leadId: string,
  page: { after: Position | null; limit: number },
): Promise<Page<LeadEvent>> {
  const [rows] = await Promise.all([
    deps.database.read((orm) => selectLeadEvents(orm, leadId, page.after, page.limit + 1)),
    readLead(deps, leadId),
  ]);
  return toPage(rows, page.limit, (event) => ({ value: event.at, id: event.id }));
}

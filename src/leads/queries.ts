import { and, asc, eq, gte, inArray, lt, sql, type SQL } from 'drizzle-orm';
import { leadEvents, leads } from '../../drizzle/leads.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { keysetOrder, rowsAfter, type Direction, type Position } from '../platform/keyset.ts';
import type { LeadFilter } from './contract.ts';
import type { Lead, LeadEvent } from './statements.ts';

/** Changes a lead, unless it is no longer of this version. */
export function updateLead(
  orm: Orm,
  { id, version }: Pick<Lead, 'id' | 'version'>,
  changes: Partial<Lead>,
): Statement {
  return orm
    .update(leads)
    .set(changes)
    .where(and(eq(leads.id, id), eq(leads.version, version)));
}

export async function findLead(orm: Orm, id: string): Promise<Lead | undefined> {
  const rows = await orm.select().from(leads).where(eq(leads.id, id)).limit(1);
  return rows[0];
}

/** Leads that match a filter, in its order, after a position. */
export function selectLeads(
  orm: Orm,
  filter: LeadFilter,
  after: Position | null,
  count: number,
): PromiseLike<Lead[]> {
  const { column, direction } = orderOf(filter);
  const createdBetween = [
    filter.created_after === undefined ? undefined : gte(leads.createdAt, filter.created_after),
    filter.created_before === undefined ? undefined : lt(leads.createdAt, filter.created_before),
  ];
  // Else SQLite walks every lead in the order of the sort, and filters as it goes.
  const sortsRange = column === leads.updatedAt && createdBetween.some(Boolean);
  return orm
    .select()
    .from(leads)
    .where(
      and(
        filter.status === undefined ? undefined : eq(leads.status, filter.status),
        filter.category === undefined ? undefined : eq(leads.category, filter.category),
        filter.source === undefined ? undefined : eq(leads.source, filter.source),
        filter.form_id === undefined ? undefined : eq(leads.formId, filter.form_id),
        ...createdBetween,
        filter.q === undefined ? undefined : inArray(leads.seq, searched(filter.q)),
        after === null ? undefined : rowsAfter(column, leads.id, direction, after),
      ),
    )
    .orderBy(...keysetOrder(sortsRange ? sql`+${column}` : column, leads.id, direction))
    .limit(count);
}

/** The position of a lead in the order of a filter. */
export function positionOf(filter: LeadFilter, lead: Lead): Position {
  const value = orderOf(filter).column === leads.updatedAt ? lead.updatedAt : lead.createdAt;
  return { value, id: lead.id };
}

/** The events of a lead, oldest first, after a position. */
export function selectLeadEvents(
  orm: Orm,
  leadId: string,
  after: Position | null,
  count: number,
): PromiseLike<LeadEvent[]> {
  return orm
    .select()
    .from(leadEvents)
    .where(
      and(
        eq(leadEvents.leadId, leadId),
        after === null ? undefined : rowsAfter(leadEvents.at, leadEvents.id, 'ascending', after),
      ),
    )
    .orderBy(asc(leadEvents.at), asc(leadEvents.id))
    .limit(count);
}

function orderOf(filter: LeadFilter) {
  const direction: Direction = filter.sort.startsWith('-') ? 'descending' : 'ascending';
  return {
    direction,
    column: filter.sort.endsWith('updated_at') ? leads.updatedAt : leads.createdAt,
  };
}

/** Rows with every word of a search, each as the beginning of a word. Quoted, so that no operator is obeyed. */
function searched(text: string): SQL {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const match = words.map((word) => `"${word}"*`).join(' ') || '""';
  return sql`(SELECT rowid FROM leads_search WHERE leads_search MATCH ${match})`;
}

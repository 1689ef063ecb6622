import { recordExport } from '../audit/record-export.ts';
import type { By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { writeRows, type RowFormat, type RowShape } from '../lib/write-rows.ts';
import { walkPages } from '../platform/walk-pages.ts';
import type { LeadExportFilter, LeadJson } from './contract.ts';
import { listLeads } from './list-leads.ts';
import { presentLead } from './present-lead.ts';
import type { Lead } from './statements.ts';

const columns = [
  'id',
  'full_name',
  'position',
  'company_name',
  'phone_number',
  'email',
  'source',
  'status',
  'category',
  'notes',
  'attribution',
  'form_id',
  'created_at',
  'updated_at',
  'version',
] as const satisfies (keyof LeadJson)[];

const shape: RowShape<Lead> = {
  columns,
  cells: (lead) => {
    const json = presentLead(lead);
    return columns.map((name) => json[name]);
  },
  json: presentLead,
};

/**
 * The leads that match a filter, newest first, as the pieces of a file. Those that come meanwhile are not among them,
 * and none is there twice: a lead keeps its place. The audit log knows of it before there is anything to read.
 */
export async function* exportLeads(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'>,
  { format, filter, by }: { format: RowFormat; filter: LeadExportFilter; by: By },
): AsyncGenerator<string, void> {
  await recordExport(deps, 'leads.exported', { format, filter, by });
  // Where a change would move a lead, it could be read twice or not at all.
  const inPlace = { ...filter, sort: '-created_at' } as const;
  yield* writeRows(
    format,
    shape,
    walkPages(deps, (page) => listLeads(deps, inPlace, page)),
  );
}

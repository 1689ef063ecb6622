import { toIso } from '../lib/time.ts';
import type { Counts, ImportJson } from './contract.ts';
import type { Import } from './statements.ts';

/** An import as it is shown. */
export function presentImport(row: Import): ImportJson {
  return {
    id: row.id,
    list_id: row.listId,
    fingerprint: row.fingerprint,
    on_conflict: row.onConflict,
    consent: row.consent,
    state: row.state,
    rows_total: row.rowsTotal,
    rows_done: row.rowsDone,
    ...countsOf(row),
    created_at: toIso(row.createdAt),
    updated_at: toIso(row.updatedAt),
  };
}

/** What became of its rows so far. */
export function countsOf({ added, changed, unchanged, suppressed, invalid }: Counts): Counts {
  return { added, changed, unchanged, suppressed, invalid };
}

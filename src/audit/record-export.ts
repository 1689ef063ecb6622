import type { Deps } from '../deps.ts';
import type { RowFormat } from '../lib/write-rows.ts';
import { newAct, recordAct, type Act, type By } from './statements.ts';

/** Notes that somebody takes rows away: in which form, and by which filters, without what they ask for. */
export async function recordExport(
  deps: Pick<Deps, 'database' | 'now'>,
  action: Act['action'],
  { format, filter, by }: { format: RowFormat; filter: Record<string, unknown>; by: By },
): Promise<void> {
  const filters = Object.keys(filter).filter((name) => filter[name] !== undefined);
  const act = newAct({
    action,
    ...by,
    targetId: 'all',
    detail: { format, filters },
    at: deps.now(),
  });
  await deps.database.write((orm) => [recordAct(orm, act)]);
}

import { isRecorded, newAct, recordAct, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { ConstraintError } from '../platform/database.ts';
import { requireKnown, untilFirst, type KnownVersions } from '../platform/versions.ts';
import { eraseLeads, insertEvent, type Lead } from './statements.ts';
import { readLead } from './read-lead.ts';

/**
 * Deletes a lead for good, with its timeline, what was sent, what was still to be sent, and the answers that quote any
 * of it; the audit log keeps that it was done. Throws `not_found`, `precondition_failed`, `conflict`.
 */
export async function deleteLead(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'>,
  id: string,
  by: By & { known: KnownVersions },
): Promise<void> {
  const { known, ...author } = by;
  await untilFirst(deps, 'lead', async () => {
    const lead = await readLead(deps, id);
    requireKnown('lead', lead.version, known);
    return (await remove(deps, lead, author)) ? lead : null;
  });
}

/** Returns false when another writer was first. */
async function remove(deps: Pick<Deps, 'database' | 'now'>, lead: Lead, by: By): Promise<boolean> {
  const at = deps.now();
  const act = newAct({ action: 'lead.deleted', ...by, targetId: lead.id, detail: {}, at });
  // Takes the next version, as every writer does, and goes with the lead.
  const event = {
    id: newId('evt', at),
    leadId: lead.id,
    type: 'deleted' as const,
    version: lead.version + 1,
    actor: by.actor,
    changes: null,
    submissionId: null,
    at,
  };
  try {
    await deps.database.write((orm) => [
      insertEvent(orm, event),
      ...eraseLeads(orm, [lead.id]),
      recordAct(orm, act),
    ]);
    return true;
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.constraint === 'other') throw error;
    // The lead is gone, or of another version. Perhaps by our own first try, whose answer was lost.
    return deps.database.read((orm) => isRecorded(orm, act.id));
  }
}

import { newAct, recordAct } from '../audit/record-act.ts';
import type { Deps } from '../deps.ts';
import { eraseAnswers } from '../idempotency/erase-answers.ts';
import { requireKnown, type KnownVersions } from './change-lead.ts';
import { removeLead } from './queries.ts';
import { readLead } from './read-lead.ts';

/**
 * Deletes a lead for good, with its timeline, what was sent, and the answers that quote it; the audit log keeps that
 * it was done. Throws `not_found`, `precondition_failed`.
 */
export async function deleteLead(
  deps: Pick<Deps, 'database' | 'now'>,
  id: string,
  by: { known: KnownVersions; actor: string; requestId: string },
): Promise<void> {
  requireKnown(await readLead(deps, id), by.known);
  const act = newAct({
    action: 'lead.deleted',
    actor: by.actor,
    requestId: by.requestId,
    targetId: id,
    detail: {},
    at: deps.now(),
  });
  await deps.database.write((orm) => [
    removeLead(orm, id),
    eraseAnswers(orm, id),
    recordAct(orm, act),
  ]);
}

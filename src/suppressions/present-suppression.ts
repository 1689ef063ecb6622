import { toIso } from '../lib/time.ts';
import type { SuppressionJson } from './contract.ts';
import type { Suppression } from './statements.ts';

/** A suppression as it is shown. */
export function presentSuppression(suppression: Suppression): SuppressionJson {
  return {
    subject: suppression.subjectHash,
    list_id: suppression.listId || null,
    reason: suppression.reason,
    actor: suppression.actor,
    created_at: toIso(suppression.createdAt),
  };
}

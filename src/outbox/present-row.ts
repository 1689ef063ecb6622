import { toIso } from '../lib/time.ts';
import type { OutboxJson } from './contract.ts';
import type { OutboxRow } from './statements.ts';

/** A row of the outbox as it is shown. */
export function presentRow(row: OutboxRow): OutboxJson {
  return {
    id: row.id,
    topic: row.topic,
    resource_id: row.resourceId,
    state: row.state,
    attempts: row.attempts,
    last_error: row.lastError,
    due_at: row.state === 'pending' ? toIso(row.dueAt) : null,
    ended_at: row.endedAt === null ? null : toIso(row.endedAt),
    created_at: toIso(row.createdAt),
  };
}

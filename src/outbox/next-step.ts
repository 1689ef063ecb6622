import { hourMs } from '../lib/units.ts';
import type { Outcome } from '../lib/delivery-outcome.ts';
import { maxAttempts } from './max-attempts.ts';
import type { Step } from './queries.ts';
import type { OutboxRow } from './statements.ts';

const firstPauseMs = 15_000;

/**
 * How a row goes on after an attempt: pauses double from 15 s to an hour, each longer or shorter by up to a fifth, so
 * that what failed together does not come back together.
 */
export function nextStep(row: OutboxRow, outcome: Outcome, at: number): Step {
  if (outcome.kind === 'done') {
    return { state: 'done', endedAt: at, dueAt: row.dueAt, lastError: null };
  }
  const lastError = outcome.reason;
  if (outcome.kind === 'refused' || row.attempts >= maxAttempts) {
    return { state: 'dead', endedAt: at, dueAt: row.dueAt, lastError };
  }
  const pause = Math.min(firstPauseMs * 2 ** (row.attempts - 1), hourMs);
  const jittered = pause * (0.8 + Math.random() * 0.4);
  const wanted = Math.min(outcome.retryAfterMs ?? 0, hourMs);
  return {
    state: 'pending',
    endedAt: null,
    dueAt: Math.round(at + Math.max(jittered, wanted)),
    lastError,
  };
}

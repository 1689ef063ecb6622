import { dayMs, hourMs, minuteMs } from '../lib/units.ts';
import type { Outcome } from '../lib/delivery-outcome.ts';
import { maxAttempts } from './max-attempts.ts';
import type { Step } from './queries.ts';
import type { OutboxRow } from './statements.ts';

const firstPauseMs = 15_000;

/** A row may be put off for so long without using up attempts, and for so long at once. */
const patienceMs = 3 * dayMs;
const postponedMs = { least: 5 * minuteMs, most: 6 * hourMs };

/**
 * How a row goes on after an attempt: pauses double from 15 s to an hour, each longer or shorter by up to a fifth, so
 * that what failed together does not come back together. What was put off gets its attempt back, for three days; after
 * that it counts as a failure like any other, so that every row comes to an end.
 */
export function nextStep(row: OutboxRow, outcome: Outcome, at: number): Step {
  if (outcome.kind === 'done') {
    return { state: 'done', endedAt: at, dueAt: row.dueAt, lastError: null };
  }
  const lastError = outcome.reason;
  if (outcome.kind === 'postponed' && at - row.createdAt < patienceMs) {
    const { least, most } = postponedMs;
    const pause = Math.min(Math.max(outcome.afterMs, least), most) * (1 + Math.random() * 0.2);
    const dueAt = Math.round(at + pause);
    return { state: 'pending', endedAt: null, dueAt, lastError, attempts: row.attempts - 1 };
  }
  if (outcome.kind === 'refused' || row.attempts >= maxAttempts) {
    return { state: 'dead', endedAt: at, dueAt: row.dueAt, lastError };
  }
  const pause = Math.min(firstPauseMs * 2 ** (row.attempts - 1), hourMs);
  const jittered = pause * (0.8 + Math.random() * 0.4);
  const asked = outcome.kind === 'failed' ? outcome.retryAfterMs : outcome.afterMs;
  const wanted = Math.min(asked ?? 0, hourMs);
  return {
    state: 'pending',
    endedAt: null,
    dueAt: Math.round(at + Math.max(jittered, wanted)),
    lastError,
  };
}

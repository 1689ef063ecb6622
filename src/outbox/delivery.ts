import type { Deps } from '../deps.ts';
import type { OutboxRow } from './statements.ts';

/**
 * What became of a row. `failed` is tried again, no sooner than after `retryAfterMs` where the receiver said so;
 * `refused` never is. The reason is a word for the log and the operator, never the receiver's text.
 */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'failed'; reason: string; retryAfterMs: number | null }
  | { kind: 'refused'; reason: string };

/**
 * Sends rows of one topic, and says by their ids what became of them. A row that it says nothing of has nothing to send
 * any more. It may be called for a row that was sent before, and its answer lost: what it sends has to bear that.
 */
export type Deliver<D = Deps> = (deps: D, rows: OutboxRow[]) => Promise<Map<string, Outcome>>;

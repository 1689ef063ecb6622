import type { Deps } from '../deps.ts';
import type { Outcome } from '../lib/delivery-outcome.ts';
import type { OutboxRow } from './statements.ts';

/**
 * Sends rows of one topic, and says by their ids what became of each. It may be called for a row that was sent before, and its answer lost: what it sends has to bear that.
 */
export type Deliver<D = Deps> = (deps: D, rows: OutboxRow[]) => Promise<Map<string, Outcome>>;

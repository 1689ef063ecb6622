import type { Deps } from '../deps.ts';
import { drainOutbox } from './drain-outbox.ts';
import { topics } from './topics.ts';

/** Sends what is due, and says how many rows were tried. Run by the cron, and after what writes such a row. */
export function sendDue(deps: Deps): Promise<number> {
  return drainOutbox(deps, topics);
}

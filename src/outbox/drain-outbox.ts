import type { Deps } from '../deps.ts';
import { describeFault } from '../platform/logger.ts';
import type { Deliver, Outcome } from './delivery.ts';
import { nextStep } from './next-step.ts';
import { claimDue, finish } from './queries.ts';
import type { OutboxRow } from './statements.ts';

type DrainDeps = Pick<Deps, 'database' | 'deadline' | 'logger' | 'now'>;

/** As many as one provider takes at once, and the platform lets one run call: 50 on the free plan. */
const batchSize = 10;
/** Longer than any delivery may take, so that nobody else takes a row while it is being sent. */
const leaseMs = 60_000;
/** As much time as a batch may need. */
const batchMs = 12_000;

/**
 * Sends what is due of some topics, oldest first, and says how many rows were tried. Ends when nothing is due, or too
 * little time is left for another batch. Any number of them may run at once. What another release will send is left to
 * it.
 */
export async function drainOutbox<D extends DrainDeps>(
  deps: D,
  topics: Record<string, Deliver<D>>,
): Promise<number> {
  let tried = 0;
  for (;;) {
    const rows = await claim(deps, Object.keys(topics));
    if (rows.length > 0) await deliver(deps, topics, rows);
    tried += rows.length;
    if (rows.length < batchSize || deps.now() + batchMs > deps.deadline.at) return tried;
  }
}

async function claim(deps: DrainDeps, topics: string[]): Promise<OutboxRow[]> {
  const at = deps.now();
  const token = crypto.randomUUID();
  const [rows] = await deps.database.write((orm) => [
    claimDue(orm, { topics, token, at, until: at + leaseMs, count: batchSize }),
  ]);
  return rows as OutboxRow[];
}

async function deliver<D extends DrainDeps>(
  deps: D,
  topics: Record<string, Deliver<D>>,
  rows: OutboxRow[],
): Promise<void> {
  const outcomes = await Promise.all(
    Object.entries(topics).map(([topic, send]) =>
      trySending(
        deps,
        send,
        rows.filter((row) => row.topic === topic),
      ),
    ),
  );
  const at = deps.now();
  const steps = rows.map((row) => {
    const outcome = outcomes.find((each) => each.has(row.id))?.get(row.id) ?? { kind: 'done' };
    return { row, step: nextStep(row, outcome, at) };
  });
  await deps.database.write((orm) => steps.map(({ row, step }) => finish(orm, row, step)));
}

/** A topic that throws has failed for all of its rows. */
async function trySending<D extends DrainDeps>(
  deps: D,
  send: Deliver<D>,
  rows: OutboxRow[],
): Promise<Map<string, Outcome>> {
  if (rows.length === 0) return new Map();
  try {
    return await send(deps, rows);
  } catch (error) {
    deps.logger.fault({ fault: 'outbox_delivery', ...describeFault(error) });
    const reason = error instanceof Error ? error.name : 'unknown';
    return new Map(rows.map(({ id }) => [id, { kind: 'failed', reason, retryAfterMs: null }]));
  }
}

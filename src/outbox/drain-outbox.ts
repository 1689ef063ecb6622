import type { Deps } from '../deps.ts';
import { thrown, type Outcome } from '../lib/delivery-outcome.ts';
import { describeFault } from '../platform/logger.ts';
import type { Deliver } from './delivery.ts';
import { nextStep } from './next-step.ts';
import { claimDue, finish, giveUpCrashed, selectClaimed } from './queries.ts';
import type { OutboxRow } from './statements.ts';

type DrainDeps = Pick<Deps, 'database' | 'deadline' | 'logger' | 'now'>;

/**
 * With what the topics read and count, a claim and a finish, a batch makes 16 calls: three stay below the 50 that a run may
 * make on the free plan (https://developers.cloudflare.com/workers/platform/limits/#subrequests).
 */
const batchSize = 10;
const maxBatches = 3;
/** Longer than any delivery may take, so that nobody else takes a row while it is being sent. */
const leaseMs = 60_000;
/** As much time as a batch may need. */
const batchMs = 12_000;

/**
 * Sends what is due of some topics, oldest first, and says how many rows were tried. Ends when nothing is due, a
 * receiver wants to be left alone, or too much has been done for one run. Any number of them may run at once. What
 * another release will send is left to it.
 */
export async function drainOutbox<D extends DrainDeps>(
  deps: D,
  topics: Record<string, Deliver<D>>,
): Promise<number> {
  let tried = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    if (deps.now() + batchMs > deps.deadline.at) break;
    const rows = await claim(deps, Object.keys(topics));
    const outcomes = rows.length > 0 ? await deliver(deps, topics, rows) : [];
    tried += rows.length;
    const isUnwanted = outcomes.some(
      (each) => each.kind === 'failed' && each.retryAfterMs !== null,
    );
    if (rows.length < batchSize || isUnwanted) break;
  }
  return tried;
}

async function claim(deps: DrainDeps, topics: string[]): Promise<OutboxRow[]> {
  const at = deps.now();
  const claim = { topics, token: crypto.randomUUID(), at, until: at + leaseMs, count: batchSize };
  const [, , rows] = await deps.database.write((orm) => [
    giveUpCrashed(orm, topics, at),
    claimDue(orm, claim),
    selectClaimed(orm, claim),
  ]);
  return rows as OutboxRow[];
}

async function deliver<D extends DrainDeps>(
  deps: D,
  topics: Record<string, Deliver<D>>,
  rows: OutboxRow[],
): Promise<Outcome[]> {
  const outcomes = await Promise.all(
    Object.entries(topics).map(([topic, send]) =>
      trySending(
        deps,
        send,
        rows.filter((row) => row.topic === topic),
      ),
    ),
  );
  const known = new Map(outcomes.flatMap((each) => Array.from(each)));
  const all = rows.map((row) => known.get(row.id) ?? noOutcome);
  const at = deps.now();
  const steps = rows.map((row, index) => nextStep(row, all[index] ?? noOutcome, at));
  await deps.database.write((orm) =>
    rows.flatMap((row, index) => {
      const step = steps[index];
      return step === undefined ? [] : [finish(orm, row, step)];
    }),
  );
  return all;
}

const noOutcome: Outcome = { kind: 'failed', reason: 'no_outcome', retryAfterMs: null };

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
    const reason = thrown + (error instanceof Error ? error.name : 'unknown');
    return new Map(rows.map(({ id }) => [id, { kind: 'failed', reason, retryAfterMs: null }]));
  }
}

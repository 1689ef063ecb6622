import type { Deps } from '../deps.ts';
import { DatabaseBug } from '../platform/database.ts';
import { findWaiting } from '../outbox/find-waiting.ts';
import { minuteMs } from '../lib/units.ts';
import { expectedMigrations } from './expected-migrations.ts';
import { findAppliedMigrations } from './queries.ts';

/** A probe may take a second, and an answer may be 2 s old: together a dead database shows within 3 s. */
const probeMs = 1_000;
const cacheMs = 2_000;

/** The cron comes every minute: what waits for longer has failed several times, or nobody sends it. */
const latestMs = 10 * minuteMs;

type Check = 'ok' | 'failed';

/**
 * What the deep check found. Degraded: leads are taken, but limits are not counted, or mail waits. Down: they are not.
 */
export type Health = {
  status: 'ok' | 'degraded' | 'down';
  checks: { configuration: Check; database: Check; migrations: Check; redis: Check; outbox: Check };
  /**
   * For how many seconds the oldest row has been waiting, its pauses included but for those that a limit of ours makes,
   * and how many were given up; null: not known.
   */
  outbox: { oldest_seconds: number; dead: number } | null;
  version: string;
};

/** The last result in this isolate: what arrives within 2 s of it costs nothing. */
export type HealthCache = { last: { health: Health; at: number } | null };

export function createHealthCache(): HealthCache {
  return { last: null };
}

/** Asks the database and Redis whether they answer, and the database whether its schema is ours. */
export async function checkHealth(
  deps: Pick<Deps, 'config' | 'database' | 'limiter' | 'healthCache' | 'now'>,
): Promise<Health> {
  const { last } = deps.healthCache;
  if (last !== null && deps.now() - last.at < cacheMs) return last.health;
  const at = deps.now();
  const [database, redis, outbox] = await Promise.all([
    probeDatabase(deps),
    deps.limiter.ping(),
    probeOutbox(deps, at),
  ]);
  const up = database.answers && database.migrated;
  const sends = outbox !== null && outbox.oldest_seconds * 1_000 < latestMs;
  const health: Health = {
    status: up ? (redis && sends ? 'ok' : 'degraded') : 'down',
    checks: {
      configuration: 'ok',
      database: database.answers ? 'ok' : 'failed',
      migrations: database.migrated ? 'ok' : 'failed',
      redis: redis ? 'ok' : 'failed',
      outbox: sends ? 'ok' : 'failed',
    },
    outbox,
    version: deps.config.versionId,
  };
  deps.healthCache.last = { health, at };
  return health;
}

async function probeDatabase(
  deps: Pick<Deps, 'database'>,
): Promise<{ answers: boolean; migrated: boolean }> {
  try {
    const applied = await deps.database.read((orm) => findAppliedMigrations(orm), probeMs);
    return { answers: true, migrated: expectedMigrations.every((name) => applied.has(name)) };
  } catch (error) {
    // A database that answers, but has no table of migrations, is reachable and not migrated.
    return { answers: error instanceof DatabaseBug, migrated: false };
  }
}

async function probeOutbox(deps: Pick<Deps, 'database'>, at: number): Promise<Health['outbox']> {
  try {
    const { oldestAt, dead } = await findWaiting(deps, probeMs);
    return { oldest_seconds: oldestAt === null ? 0 : Math.max(0, at - oldestAt) / 1_000, dead };
  } catch {
    return null;
  }
}

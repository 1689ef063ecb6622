import type { Config } from './env.ts';
import { createHealthCache, type HealthCache } from './health/check-health.ts';
import { createKeyCache, type KeyCache } from './keys/key-cache.ts';
import { openDatabase, type Database } from './platform/database.ts';
import { openLimiter, type Limiter } from './platform/limiter.ts';
import { consoleLogger, type Logger } from './platform/logger.ts';
import { openReporter, silentReporter, type Reporter } from './platform/reporter.ts';

/** Milliseconds: what a read may take, and what is left of a request for a write, the last thing that it waits for. */
const readTimeoutMs = 1_500;
const requestDeadlineMs = 2_600;

/** What use cases work with. Made anew for each request, but for the caches. */
export type Deps = {
  config: Config;
  database: Database;
  limiter: Limiter;
  reporter: Reporter;
  logger: Logger;
  keyCache: KeyCache;
  healthCache: HealthCache;
  /** Epoch milliseconds. */
  now: () => number;
  /** Goes on with work after the answer has left. */
  waitUntil: (work: Promise<unknown>) => void;
};

/** Constructs the clients of each request, and what an isolate keeps between requests. */
export function createDepsFactory(
  config: Config,
): (context: Pick<ExecutionContext, 'waitUntil'>) => Deps {
  const keyCache = createKeyCache();
  const healthCache = createHealthCache();
  const { dsn, tracesSampleRate } = config.sentry;
  return (context) => {
    const startedAt = Date.now();
    const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
    return {
      config,
      keyCache,
      healthCache,
      logger: consoleLogger,
      database: openDatabase({
        ...config.database,
        readTimeoutMs,
        writeTimeoutMs: () => startedAt + requestDeadlineMs - Date.now(),
      }),
      limiter: openLimiter(config.redis),
      reporter:
        dsn === null
          ? silentReporter
          : openReporter({
              dsn,
              tracesSampleRate,
              environment: config.environment,
              release: config.versionId,
              waitUntil,
            }),
      now: () => Date.now(),
      waitUntil,
    };
  };
}

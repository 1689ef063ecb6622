import type { Config } from './env.ts';
import { createFormCache, type FormCache } from './forms/form-cache.ts';
import { createHealthCache, type HealthCache } from './health/check-health.ts';
import { createKeyCache, type KeyCache } from './keys/key-cache.ts';
import { createUploadRoom, type UploadRoom } from './files/upload-room.ts';
import { createSweep, sweepOutbox } from './outbox/sweep.ts';
import {
  openTranslations,
  type HeldTranslations,
  type Translations,
} from './pages/messages/translations.ts';
import { holdNothing } from './platform/assets.ts';
import { openCaptcha, type Captcha } from './platform/captcha.ts';
import { openDatabase, type Database } from './platform/database.ts';
import { openDisposableDomains, type DisposableDomains } from './platform/disposable-domains.ts';
import { openFileStore, type FileStore } from './platform/files.ts';
import { openLimiter, type Limiter } from './platform/limiter.ts';
import { consoleLogger, type Logger } from './platform/logger.ts';
import { openMailer, type Mailer } from './platform/mailer.ts';
import { openReporter, silentReporter, type Reporter } from './platform/reporter.ts';

/** Milliseconds that one call may take. A write is the last thing that a request waits for, so it may take the rest. */
const callLimitsMs = { read: 1_500, write: 2_500 };

/** Milliseconds that work may go on after an answer: the platform ends it at 30 s. */
const afterAnswerMs = 25_000;

/** Opens the clients for one piece of work, which has to be done within some milliseconds from now. */
export type OpenDeps = (context: Pick<ExecutionContext, 'waitUntil'>, withinMs: number) => Deps;

/** What use cases work with. Made anew for each piece of work, but for the caches. */
export type Deps = {
  config: Config;
  database: Database;
  limiter: Limiter;
  files: FileStore;
  captcha: Captcha;
  mailer: Mailer;
  disposableDomains: DisposableDomains;
  translations: Translations;
  reporter: Reporter;
  logger: Logger;
  keyCache: KeyCache;
  formCache: FormCache;
  healthCache: HealthCache;
  uploadRoom: UploadRoom;
  /** Epoch milliseconds. */
  now: () => number;
  /** When the work has to be done, in epoch milliseconds. Waiting for the caller moves it. */
  deadline: { at: number };
  /** Goes on with work after the answer has left. */
  waitUntil: (work: Promise<unknown>) => void;
  /** Has what is due sent once the answer has left: it need not wait for the cron. */
  wakeOutbox: () => void;
};

/** Keeps what an isolate shares between requests, and constructs the clients of each. */
export function createDepsFactory(config: Config): OpenDeps {
  const keyCache = createKeyCache();
  const formCache = createFormCache();
  const healthCache = createHealthCache();
  const uploadRoom = createUploadRoom();
  const heldDomains = holdNothing<DataView>();
  const heldTranslations: HeldTranslations = new Map();
  const progress = { answeredAt: 0 };
  const sweep = createSweep();
  const { dsn, tracesSampleRate } = config.sentry;
  const reader = { assets: config.assets, logger: consoleLogger, now: () => Date.now() };
  const open: OpenDeps = (context, withinMs) => {
    const deadline = { at: Date.now() + withinMs };
    const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
    return {
      config,
      keyCache,
      formCache,
      healthCache,
      uploadRoom,
      logger: consoleLogger,
      database: openDatabase({
        ...config.database,
        progress,
        timeoutMs: (kind) => Math.min(callLimitsMs[kind], deadline.at - Date.now()),
      }),
      limiter: openLimiter(config.redis),
      files: openFileStore(config.bucket),
      captcha: openCaptcha(config.captcha),
      mailer: openMailer(config.mail, consoleLogger),
      disposableDomains: openDisposableDomains({ ...reader, held: heldDomains }),
      translations: openTranslations({ ...reader, held: heldTranslations }),
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
      deadline,
      waitUntil,
      wakeOutbox: () => {
        const begun = sweep.begin();
        if (begun) waitUntil(sweepOutbox(() => open(context, afterAnswerMs), sweep));
      },
    };
  };
  return open;
}

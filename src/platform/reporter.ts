import { Toucan } from 'toucan-js';
import { framesOf } from '../lib/frames.ts';
import { randomHex } from '../lib/random-hex.ts';

/** How long Sentry may take, in milliseconds. Nobody waits for it. */
const timeoutMs = 2_000;

/** What a report may say of a request. */
export type RequestFacts = { requestId: string; method: string; route: string };

/** Tells Sentry about failures and, for some of the requests, how long they took. */
export type Reporter = {
  report(error: unknown, facts: RequestFacts): void;
  /** Times are epoch milliseconds. */
  trace(facts: RequestFacts & { status: number; startedAt: number; endedAt: number }): void;
};

/** For deployments without a DSN. */
export const silentReporter: Reporter = { report: () => {}, trace: () => {} };

/**
 * Reports to Sentry in the background. An event is made of names and stack frames alone: no message, request,
 * address or breadcrumb, since any of them can quote what a visitor wrote.
 */
export function openReporter(options: {
  dsn: string;
  tracesSampleRate: number;
  environment: string;
  release: string;
  waitUntil: (work: Promise<unknown>) => void;
}): Reporter {
  const open = () =>
    new Toucan({
      dsn: options.dsn,
      environment: options.environment,
      release: options.release,
      defaultIntegrations: false,
      // Nobody waits for Sentry, and nobody is told when it does not answer.
      context: { waitUntil: (work) => options.waitUntil(work.catch(() => {})) },
      transportOptions: {
        fetcher: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
      },
    });
  return {
    report(error, facts) {
      const sentry = open();
      sentry.setTags(tagsOf(facts));
      sentry.captureException(withoutMessage(error));
    },
    trace(facts) {
      if (Math.random() >= options.tracesSampleRate) return;
      open().captureEvent({
        type: 'transaction',
        transaction: `${facts.method} ${facts.route}`,
        start_timestamp: facts.startedAt / 1_000,
        timestamp: facts.endedAt / 1_000,
        tags: tagsOf(facts),
        contexts: {
          trace: {
            trace_id: randomHex(16),
            span_id: randomHex(8),
            op: 'http.server',
            status: facts.status < 500 ? 'ok' : 'internal_error',
          },
        },
      });
    },
  };
}

function withoutMessage(error: unknown): Error {
  const { name, frames } = framesOf(error);
  const safe = new Error(name);
  safe.name = name;
  safe.stack = [`${name}: ${name}`, ...frames.map((frame) => `    ${frame}`)].join('\n');
  return safe;
}

function tagsOf(facts: RequestFacts): Record<string, string> {
  return { request_id: facts.requestId, route: `${facts.method} ${facts.route}` };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from './ports.ts';
import { startSqld, type Sqld } from './sqld.ts';
import { orAbort } from './until.ts';

const restartAfterMs = 10_000;
const maxFailures = 3;

type Supervision = {
  dataDir: string;
  port: number;
  /** Ends the start; once started, `stop` does. */
  signal: AbortSignal;
  say: (line: string) => void;
  fail: (error: Error) => void;
};

/**
 * Starts the libSQL server and brings it back 10 s after it dies: long enough to see what the service does without
 * its database. Somebody who started it again by hand on the same port is left in peace. Calls `fail` after three
 * starts in a row that failed.
 */
export async function superviseSqld(
  options: Supervision,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const first = await startSqld(options);
  const stopping = new AbortController();
  const done = keepRunning(first, { ...options, signal: stopping.signal }).catch((error: Error) => {
    if (!stopping.signal.aborted) options.fail(error);
  });
  return {
    url: first.url,
    stop() {
      stopping.abort();
      return done;
    },
  };
}

async function keepRunning(first: Sqld, options: Supervision): Promise<never> {
  for (let { child } = first; ; { child } = await bringBack(options)) {
    try {
      const { line } = await orAbort(child.ended, options.signal);
      options.say(`${line}; starting it again in ${restartAfterMs / 1_000} s`);
    } finally {
      await child.stop();
    }
  }
}

async function bringBack(options: Supervision): Promise<Sqld> {
  const { port, signal, say } = options;
  for (let failures = 0; ;) {
    await sleep(restartAfterMs, undefined, { signal });
    if (await answers(port)) {
      say(`something answers on port ${port} again; leaving it alone`);
      continue;
    }
    try {
      const sqld = await startSqld(options);
      say('the libSQL server is back');
      return sqld;
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (failures === maxFailures) throw error;
      say(`${(error as Error).message}; trying again`);
    }
  }
}

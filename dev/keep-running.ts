import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.ts';
import { orAbort } from './until.ts';

type Server = {
  name: string;
  /** Resolves once it is up. Throws when it does not come up, or with the signal's reason. */
  start: (signal: AbortSignal | undefined) => Promise<Child>;
  /** Whether somebody answers in its place. */
  answers: () => Promise<boolean>;
};

/** How a server is kept running. */
export type Keeping = {
  /** Ends the first start; once that is over, the returned function does. */
  signal?: AbortSignal | undefined;
  /** How long a server that died stays away; 10 s if not said: time to see what the service does without it. */
  restartAfterMs?: number | undefined;
  /** Hears one line each time the server dies, and each time it is back. */
  say?: ((line: string) => void) | undefined;
  /** Hears why the server cannot be brought back. */
  fail?: ((error: Error) => void) | undefined;
};

type Attempt = {
  signal: AbortSignal;
  restartAfterMs: number;
  say: (line: string) => void;
};

const maxFailures = 3;

/**
 * Starts a server and brings it back whenever it dies. Somebody who started it again by hand is left in peace. Calls
 * `fail` after three starts in a row that failed. Throws when the first start fails. Returns what stops it.
 */
export async function keepRunning(server: Server, keeping: Keeping): Promise<() => Promise<void>> {
  const { restartAfterMs = 10_000, say = () => {}, fail = () => {} } = keeping;
  const first = await server.start(keeping.signal);
  const stopping = new AbortController();
  const { signal } = stopping;
  const done = watch(server, first, { signal, restartAfterMs, say }).catch((error: Error) => {
    if (!signal.aborted) fail(error);
  });
  return () => {
    stopping.abort();
    return done;
  };
}

async function watch(server: Server, first: Child, attempt: Attempt): Promise<never> {
  for (let child = first; ; child = await bringBack(server, attempt)) {
    try {
      const { line } = await orAbort(child.ended, attempt.signal);
      attempt.say(`${line}; starting it again in ${attempt.restartAfterMs / 1_000} s`);
    } finally {
      await child.stop();
    }
  }
}

async function bringBack(
  { name, start, answers }: Server,
  { signal, restartAfterMs, say }: Attempt,
): Promise<Child> {
  let replaced = false;
  for (let failures = 0; ;) {
    await sleep(restartAfterMs, undefined, { signal });
    if (await answers()) {
      if (!replaced) say(`something answers in place of ${name}; leaving it alone`);
      replaced = true;
      continue;
    }
    try {
      const child = await start(signal);
      say(`${name} is back`);
      return child;
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (failures === maxFailures) throw error;
      say(`${(error as Error).message}; trying again`);
    }
  }
}

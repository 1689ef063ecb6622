import { setTimeout as sleep } from 'node:timers/promises';
import type { End } from './child.ts';

/** Waits for a promise, but not beyond the signal: then throws its reason. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Asks every 50 ms until the answer is yes. Throws when time is up, with `failure`, or when `ended` comes first. */
export async function until(
  question: () => Promise<boolean>,
  limit: {
    withinMs: number;
    failure: string;
    ended: Promise<End>;
    signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const ended = limit.ended.then((end) => Promise.reject(new Error(end.line)));
  ended.catch(() => {});
  const { signal = new AbortController().signal } = limit;
  const deadline = Date.now() + limit.withinMs;
  while (!(await orAbort(Promise.race([ended, question()]), signal))) {
    if (Date.now() > deadline) throw new Error(limit.failure);
    await sleep(50);
  }
}

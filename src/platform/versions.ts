import { AppError } from '../errors.ts';

/** Which versions of a row a writer knows: those of its `If-Match`, or null for whatever there is. */
export type KnownVersions = number[] | null;

/** Refuses a writer that does not know the version of `what`, such as a lead. */
export function requireKnown(what: string, version: number, known: KnownVersions): void {
  if (known !== null && !known.includes(version)) {
    throw new AppError('precondition_failed', `The ${what} has changed since. Read it again.`, {
      headers: { ETag: `"${version}"` },
    });
  }
}

/** Milliseconds that one more attempt needs: a read and a write. */
const attemptMs = 500;
const longestPauseMs = 100;

/**
 * Repeats a change that other writers overtook, until it is the first of its version; null from `attempt` says that
 * it was not. Pauses in between, so that those who met do not all meet again. Throws `conflict` when the request has
 * no time for one more.
 */
export async function untilFirst<T>(
  deps: { now: () => number; deadline: { at: number } },
  what: string,
  attempt: () => Promise<T | null>,
): Promise<T> {
  for (;;) {
    const done = await attempt();
    if (done !== null) return done;
    if (deps.deadline.at - deps.now() < longestPauseMs + attemptMs) {
      throw new AppError('conflict', `Others kept changing this ${what}. Try again.`);
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, Math.random() * longestPauseMs);
    });
  }
}

import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';

/** Milliseconds that one more attempt needs: a read and a write. */
const attemptMs = 500;
const longestPauseMs = 100;

/**
 * Repeats a change that other writers overtook, until it is the first of its version; null from `attempt` says that
 * it was not. Pauses in between, so that those who met do not all meet again. Throws `conflict` when the request has
 * no time for one more.
 */
export async function untilFirst<T>(
  deps: Pick<Deps, 'now' | 'deadline'>,
  attempt: () => Promise<T | null>,
): Promise<T> {
  for (;;) {
    const done = await attempt();
    if (done !== null) return done;
    if (deps.deadline.at - deps.now() < longestPauseMs + attemptMs) {
      throw new AppError('conflict', 'Others kept changing this lead. Try again.');
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, Math.random() * longestPauseMs);
    });
  }
}

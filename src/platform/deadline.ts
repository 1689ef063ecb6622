/** Whether a service answered lately, as the requests of one isolate see it. Epoch milliseconds. */
export type Progress = { answeredAt: number };

/** A deadline that has begun. `stop` ends it without an abort. */
export type Deadline = { signal: AbortSignal; stop: () => void };

const movingWithinMs = 500;
const lookAgainMs = 250;
const atMostMs = 10_000;

/**
 * Aborts after some milliseconds, unless others are being answered meanwhile: a queue that moves is worth waiting
 * for, up to 10 s, since giving up a place in it only adds work. One that stands still is not.
 */
export function startDeadline(withinMs: number, progress: Progress): Deadline {
  const controller = new AbortController();
  const startedAt = Date.now();
  let timer = setTimeout(look, Math.max(1, withinMs));
  function look(): void {
    const now = Date.now();
    const moving = now - progress.answeredAt < movingWithinMs && now - startedAt < atMostMs;
    if (moving) timer = setTimeout(look, lookAgainMs);
    else controller.abort(new DOMException('The deadline has passed.', 'TimeoutError'));
  }
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

/** Does work that takes as long as others let it: a slow visitor or bucket uses up none of the time for the rest. */
export async function outsideDeadline<T>(
  deps: { now: () => number; deadline: { at: number } },
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = deps.now();
  const done = await work();
  deps.deadline.at += deps.now() - startedAt;
  return done;
}

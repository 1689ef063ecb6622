import type { Deps } from '../deps.ts';
import { runTask } from '../run-task.ts';
import { sendDue } from './send-due.ts';

/** The platform ends work after an answer at 30 s: a sweep that began earlier has ended, however it did. */
const longestMs = 30_000;

/** Of many requests that have something sent, one sweeps for all: each sweep takes the database's write lock. */
export type Sweep = {
  /** Whether the caller is to sweep. If not, somebody does, and will look again. */
  begin(): boolean;
  /** Whether somebody has asked for it meanwhile; if not, it has ended. */
  goesOn(): boolean;
};

/** A sweep that has not begun. */
export function createSweep(): Sweep {
  let begunAt = -Infinity;
  let wanted = false;
  return {
    begin() {
      wanted = true;
      if (Date.now() - begunAt < longestMs) return false;
      begunAt = Date.now();
      return true;
    },
    goesOn() {
      const again = wanted;
      wanted = false;
      if (!again) begunAt = -Infinity;
      return again;
    },
  };
}

/** Sends what is due, for as long as somebody asks for it. What fails is logged, and due again at the next cron. */
export async function sweepOutbox(openDeps: () => Deps, sweep: Sweep): Promise<void> {
  const deps = openDeps();
  while (sweep.goesOn()) {
    await runTask(deps, 'drain_outbox', sendDue).catch(() => {});
    if (deps.now() > deps.deadline.at) return;
  }
}

import type { Deps } from './deps.ts';
import { describeFault } from './platform/logger.ts';

/** Runs work that no request asked for. The log gets its count; a failure is logged, reported and thrown on. */
export async function runTask(
  deps: Deps,
  task: string,
  work: (deps: Deps) => Promise<number>,
): Promise<void> {
  try {
    deps.logger.task({ task, count: await work(deps) });
  } catch (error) {
    deps.logger.fault({ fault: task, ...describeFault(error) });
    deps.reporter.report(error, { requestId: 'cron', method: 'CRON', route: task });
    throw error;
  }
}

import type { Deps } from './deps.ts';
import { AppError } from './errors.ts';
import { framesOf } from './lib/frames.ts';

/** Runs work that no request asked for. The log gets its count; a failure is logged, reported and thrown on. */
export async function runTask(
  deps: Deps,
  task: string,
  work: (deps: Deps) => Promise<number>,
): Promise<void> {
  try {
    deps.logger.task({ task, count: await work(deps) });
  } catch (error) {
    const { name, frames } = framesOf(error);
    const reason = error instanceof AppError ? error.reason : null;
    deps.logger.fault({
      fault: task,
      names: reason === null ? [name] : [name, reason],
      stack: frames.slice(0, 8),
    });
    deps.reporter.report(error, { requestId: 'cron', method: 'CRON', route: task });
    throw error;
  }
}

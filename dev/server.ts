import { startChild, type Child } from './child.ts';
import { until } from './until.ts';

const answerWithinMs = 20_000;

/** Starts a server and waits until it is up. Throws with where its log is, and leaves nothing running then. */
export async function startServer(
  name: string,
  command: string,
  parameters: string[],
  options: {
    logFile: string;
    isUp: () => Promise<boolean>;
    env?: Record<string, string>;
    signal?: AbortSignal | undefined;
  },
): Promise<Child> {
  const { logFile, isUp, signal } = options;
  const child = startChild(name, command, parameters, options);
  try {
    await until(isUp, {
      withinMs: answerWithinMs,
      failure: `${name} did not answer within ${answerWithinMs / 1_000} s`,
      ended: child.ended,
      signal,
    });
    return child;
  } catch (error) {
    await child.stop();
    signal?.throwIfAborted();
    throw new Error(`${(error as Error).message}; see ${logFile}`, { cause: error });
  }
}

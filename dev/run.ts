import { orAbort } from './until.ts';

/** One run of a program that starts others. */
export type Run = {
  /** Aborts when the run has to end. */
  signal: AbortSignal;
  say: (line: string) => void;
  fail: (error: Error) => void;
  /** What to do at the end, the latest first. */
  onEnd: (act: () => unknown) => void;
};

const watchNpmEveryMs = 200;

/** Starts, runs until a signal or a failure, cleans up, and exits: with 1 and a line after a failure. */
export async function runToTheEnd(
  name: string,
  start: (run: Run) => Promise<void>,
): Promise<never> {
  const ending = new AbortController();
  const asked = new Error('asked to end');
  const end = (): void => ending.abort(asked);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  endWithNpm(name, end);

  const acts: (() => unknown)[] = [];
  const say = (line: string): void => console.error(`${name}: ${line}`);
  let exitCode = 0;
  try {
    await start({
      signal: ending.signal,
      say,
      fail: (error) => ending.abort(error),
      onEnd: (act) => acts.unshift(act),
    });
    await orAbort(new Promise<never>(() => {}), ending.signal);
  } catch (error) {
    if (error !== asked) {
      say(firstLine(error));
      exitCode = 1;
    }
  }
  for (const act of acts) {
    try {
      await act();
    } catch (error) {
      // What is left to clean up does not suffer from it.
      say(`while ending: ${firstLine(error)}`);
      exitCode = 1;
    }
  }
  return process.exit(exitCode);
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n', 1)[0] ?? '';
}

/** npm passes signals on, but one that was killed cannot: then there is nobody left to end us. */
function endWithNpm(name: string, end: () => void): void {
  if (process.env['npm_lifecycle_event'] !== name) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, watchNpmEveryMs).unref();
}

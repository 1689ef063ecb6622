import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';

/** A process that this stack started, with everything that it starts in turn. */
export type Child = {
  name: string;
  pid: number;
  /** Resolves with a sentence when the process ends, however it ends. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

const killAfterMs = 5_000;

/** Starts a program in a process group of its own, so that stopping it stops its children too. */
export function startChild(
  name: string,
  command: string,
  parameters: string[],
  options: { env?: Record<string, string>; logFile?: string } = {},
): Child {
  const output = options.logFile === undefined ? 'inherit' : openSync(options.logFile, 'a');
  const child = spawn(command, parameters, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...options.env },
  });
  return { name, pid: child.pid ?? 0, ended: describeEnd(name, child), stop: () => stop(child) };
}

async function describeEnd(name: string, child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return `${name} ended (${signal ?? `exit code ${code}`})`;
  } catch (error) {
    return `${name} could not be started (${(error as NodeJS.ErrnoException).code})`;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid ?? 0, 'SIGKILL'), killAfterMs);
  await exited;
  clearTimeout(timer);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

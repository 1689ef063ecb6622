import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { endWithParent } from './end-with-parent.ts';

/** How a process ended: whether as it should, and a sentence. */
export type End = { clean: boolean; line: string };

/** A process that this stack started, with everything that it starts in turn. */
export type Child = {
  pid: number;
  /** Resolves when the process ends, however it ends. */
  ended: Promise<End>;
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
  if (output !== 'inherit') closeSync(output);
  endWithParent(child);
  const ended = waitForEnd(name, child);
  return { pid: child.pid ?? 0, ended, stop: () => stop(child, ended) };
}

async function waitForEnd(name: string, child: ChildProcess): Promise<End> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    // What it started may have outlived it.
    signalGroup(child, 'SIGKILL');
    return { clean: code === 0, line: `${name} ended (${signal ?? `exit code ${code}`})` };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    return { clean: false, line: `${name} could not be started (${reason})` };
  }
}

async function stop(child: ChildProcess, ended: Promise<End>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), killAfterMs);
  await ended;
  clearTimeout(timer);
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

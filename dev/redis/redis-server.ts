import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardGroup } from '../guard.ts';
import { sha1 } from './scripts.ts';

const START_MS = 10_000;
const PID_FILE = 'redis.pid';

/** A private redis-server child that is started again whenever it ends by itself. */
export type RedisServer = {
  socketPath: string;
  pid: () => number | null;
  close: () => Promise<void>;
};

/** Where `redis-server` is on PATH, or null. */
export function findRedisServer(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, 'redis-server');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: look in the next folder.
    }
  }
  return null;
}

/** Starts the child and resolves once it answers. `onExit` hears one line each time it ends by itself. */
export async function startRedisServer(options: {
  binary: string;
  dataDir: string;
  restartDelayMs: number;
  onExit: (message: string) => void;
}): Promise<RedisServer> {
  const dataDir = resolve(options.dataDir);
  const socketPath = socketPathFor(dataDir);
  await mkdir(dataDir, { recursive: true });
  // Redis would silently take the socket over, and two servers would overwrite each other's snapshots.
  if ((await ping(socketPath)) !== null) {
    const pid = await readFile(join(dataDir, PID_FILE), 'utf8').catch(() => 'unknown');
    throw new Error(`another redis-server (pid ${pid.trim()}) is already using ${dataDir}`);
  }

  let running: Running | null = null;
  let restart: NodeJS.Timeout | undefined;
  let supervised = false;

  function start(): Running {
    const started = launch(options.binary, dataDir, socketPath);
    running = started;
    void started.ended.then((reason) => {
      running = null;
      if (!supervised) return;
      options.onExit(
        `redis-server ended (${reason}); starting it again in ${options.restartDelayMs / 1000} s`,
      );
      restart = setTimeout(start, options.restartDelayMs);
    });
    return started;
  }

  async function close(): Promise<void> {
    supervised = false;
    clearTimeout(restart);
    if (running) await end(running);
    process.off('exit', endAtProcessExit);
    await rm(socketPath, { force: true });
  }

  // Ctrl-C does not reach the child, which has a process group of its own, so it must not outlive a crash of ours.
  const endAtProcessExit = (): void => void running?.child.kill();
  process.on('exit', endAtProcessExit);

  const first = start();
  const deadline = Date.now() + START_MS;
  while ((await ping(socketPath)) !== '+PONG') {
    if (running === null || Date.now() > deadline) {
      const reason =
        first.lastLine() ||
        (running === null ? await first.ended : `silent for ${START_MS / 1000} s`);
      await close();
      throw new Error(`redis-server did not start: ${reason}`);
    }
    await sleep(10);
  }
  supervised = true;
  return { socketPath, pid: () => running?.child.pid ?? null, close };
}

type Running = { child: ChildProcess; ended: Promise<string>; lastLine(): string };

function launch(binary: string, dataDir: string, socketPath: string): Running {
  const settings = {
    port: '0',
    unixsocket: socketPath,
    unixsocketperm: '700',
    // A snapshot 5 s after a change, and one at SIGTERM.
    save: ['5', '1'],
    dbfilename: 'redis.rdb',
    // A data folder that was deleted meanwhile must not turn every write into an error.
    'stop-writes-on-bgsave-error': 'no',
    pidfile: PID_FILE,
    loglevel: 'warning',
    daemonize: 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value].flat());
  const child = spawn(binary, args, {
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  guardGroup(child);
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-2000)));
  const ended = new Promise<string>((resolveEnded) => {
    child.once('error', (error) => resolveEnded(error.message));
    child.once('exit', (code, signal) => resolveEnded(signal ?? `exit code ${code}`));
  });
  return { child, ended, lastLine: () => log.trim().split('\n').at(-1) ?? '' };
}

async function end({ child, ended }: Running): Promise<void> {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(force);
}

/** Unix allows a socket path of about 104 bytes: a deeper data folder gets a name of its own in the temporary folder. */
function socketPathFor(dataDir: string): string {
  const inside = join(dataDir, 'redis.sock');
  return Buffer.byteLength(inside) <= 100
    ? inside
    : join(tmpdir(), `inlet-redis-${sha1(dataDir).slice(0, 12)}.sock`);
}

/** The first line that a Redis at this socket says to PING: empty if it says nothing, null if nobody is there. */
function ping(socketPath: string): Promise<string | null> {
  return new Promise((settle) => {
    const socket = connect(socketPath, () => socket.write('PING\r\n'));
    const finish = (line: string | null): void => {
      socket.destroy();
      settle(line);
    };
    socket.once('data', (data) => finish(data.toString().split('\r\n')[0] ?? ''));
    socket.once('error', () => finish(null)).once('close', () => finish(null));
    socket.setTimeout(500, () => finish(''));
  });
}

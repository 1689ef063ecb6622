import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { socketPath } from './socket-path.ts';

/**
 * Makes sure that one stack at a time uses a data folder. Throws when another one lives. Returns the release. A
 * socket, since it is gone with its process, while the number in a pid file soon belongs to another process.
 */
export async function lockDataDir(dataDir: string): Promise<() => void> {
  const path = socketPath(dataDir, 'stack');
  const holder = await holderOf(path);
  if (holder !== null) {
    throw new Error(
      `another stack (process ${holder}) uses ${dataDir}; stop it, or set DATA_DIR to another folder`,
    );
  }
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.on('error', () => {}).end(String(process.pid)));
  await once(server.listen(path), 'listening');
  return () => void server.close();
}

/** The process that listens; null when none does. */
async function holderOf(path: string): Promise<string | null> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch {
    return null;
  }
  socket.setTimeout(1_000, () => socket.destroy());
  return text(socket).catch(() => 'which does not answer');
}

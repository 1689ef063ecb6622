import { connect, createServer } from 'node:net';

/** Why a port of this machine cannot be listened on; null when it can. */
export async function obstacleAt(port: number): Promise<string | null> {
  // A name such as localhost may mean either, so that a listener on one would answer in our place.
  const codes = await Promise.all(['127.0.0.1', '::1'].map((host) => tryToListen(port, host)));
  if (codes.includes('EADDRINUSE')) return `port ${port} is already in use`;
  return codes.includes('EACCES') ? `port ${port} may not be used (EACCES)` : null;
}

/** Whether somebody accepts connections on a port of this machine. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Whether an address answers with a success, soon. */
export async function succeeds(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return response?.ok ?? false;
}

/** The first free ports from one on. */
export async function freePorts(count: number, from: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = from; found.length < count && port < 65_536; port += 1) {
    if ((await obstacleAt(port)) === null) found.push(port);
  }
  return found;
}

function tryToListen(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

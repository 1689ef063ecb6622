import { connect, createServer } from 'node:net';

/** Why a port of this machine cannot be listened on; null when it can. */
export async function obstacleAt(port: number): Promise<string | null> {
  // A name such as localhost may mean either, so that a listener on one would answer in our place.
  const codes = await Promise.all(['127.0.0.1', '::1'].map((host) => tryToListen(port, host)));
  // Any other code means that this machine has no such address.
  const code = codes.find((each) => each === 'EADDRINUSE' || each === 'EACCES');
  return code === undefined ? null : obstacle(port, code);
}

/** The sentence for why a port could not be listened on. */
export function obstacle(port: number, code: string): string {
  return code === 'EADDRINUSE'
    ? `port ${port} is already in use`
    : `port ${port} cannot be used (${code})`;
}

/** Whether somebody accepts connections on a port of this machine, or on a socket. */
export function answers(at: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof at === 'number' ? connect(at, '127.0.0.1') : connect(at);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Whether an address answers with a success, soon. */
export async function succeeds(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return response?.ok ?? false;
}

/** Whether an address answers at all, soon. */
export async function answersHttp(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return response !== null;
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

import { readdirSync, readFileSync } from 'node:fs';

/** The most that was seen of each kind of memory since the last look, in bytes. */
export type Peaks = { used: number; live: number; rss: number };

/** What watches a workerd. */
export type Watch = {
  /** What was seen since it was asked last, and seconds of CPU that the process took in that time. */
  peaks(): Peaks & { cpuSeconds: number };
  /** With true, collects garbage before each look: what is seen is alive, or came since. It slows the Worker down. */
  collect(garbage: boolean): void;
  stop(): void;
};

const everyMs = 25;
const sessionOf = (port: number) => `ws://127.0.0.1:${port}/core:user:`;

type HeapUsage = { usedSize: number; backingStorageSize?: number; embedderHeapUsedSize?: number };

/**
 * Looks at the heap of the Worker's isolate, with the buffers that hang on it, by the debugging protocol: what
 * Cloudflare's limit of 128 MB is about. And at the memory of the whole process, where Linux tells it: V8, workerd and
 * Miniflare's own Workers are in that, and garbage that nobody was in a hurry to collect.
 */
export async function watchMemory(folder: string, inspectorPort: number): Promise<Watch> {
  const pid = processOf(folder);
  const socket = new WebSocket(sessionOf(inspectorPort));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('workerd has no inspector')));
  });
  let [id, ticks, garbage, cpuBefore] = [0, 0, false, cpuSecondsOf(pid)];
  let seen: Peaks = { used: 0, live: 0, rss: 0 };
  const send = (method: string): void => socket.send(JSON.stringify({ id: (id += 1), method }));
  socket.addEventListener('message', ({ data }) => {
    const { result } = JSON.parse(String(data)) as { result?: Partial<HeapUsage> };
    if (result?.usedSize === undefined) return;
    const { usedSize, backingStorageSize = 0, embedderHeapUsedSize = 0 } = result;
    const used = usedSize + backingStorageSize + embedderHeapUsedSize;
    if (garbage) seen.live = Math.max(seen.live, used);
    else seen.used = Math.max(seen.used, used);
  });
  const look = setInterval(() => {
    ticks += 1;
    // A collection stops the Worker: one after the other would leave it no time.
    if (garbage && ticks % 20 !== 0) return;
    if (garbage) send('HeapProfiler.collectGarbage');
    send('Runtime.getHeapUsage');
    seen.rss = Math.max(seen.rss, rssOf(pid));
  }, everyMs);
  return {
    peaks() {
      const cpuNow = cpuSecondsOf(pid);
      const all = { ...seen, cpuSeconds: cpuNow - cpuBefore };
      [seen, cpuBefore] = [{ used: 0, live: 0, rss: rssOf(pid) }, cpuNow];
      return all;
    },
    collect: (wanted) => (garbage = wanted),
    stop() {
      clearInterval(look);
      socket.close();
    },
  };
}

function processOf(folder: string): string {
  if (process.platform !== 'linux') return '';
  const found = readdirSync('/proc').find(
    (pid) =>
      /^\d+$/.test(pid) &&
      /\/workerd\0/.test(read(pid, 'cmdline')) &&
      read(pid, 'environ').includes(`DATA_DIR=${folder}\0`),
  );
  if (found === undefined) throw new Error('there is no workerd');
  return found;
}

function rssOf(pid: string): number {
  return Number(/VmRSS:\s+(\d+)/.exec(read(pid, 'status'))?.[1]) * 1_024;
}

function cpuSecondsOf(pid: string): number {
  const fields = read(pid, 'stat')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

import { Agent, request } from 'node:http';

/** What came back from a load of requests. Latencies are milliseconds, sorted. */
export type LoadResult = { statuses: Map<number, number>; latencies: number[]; seconds: number };

/** Posts from a number of connections for a while, each sending its next as soon as it has its answer. */
export async function post(options: {
  url: string;
  headers: Record<string, string>;
  body: (index: number) => string;
  connections: number;
  seconds: number;
}): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  const result: LoadResult = { statuses: new Map(), latencies: [], seconds: options.seconds };
  const until = performance.now() + options.seconds * 1_000;
  let index = 0;
  const work = async (): Promise<void> => {
    while (performance.now() < until) {
      const sentAt = performance.now();
      index += 1;
      const status = await send(agent, options, options.body(index));
      result.latencies.push(performance.now() - sentAt);
      result.statuses.set(status, (result.statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, work));
  agent.destroy();
  result.latencies.sort((a, b) => a - b);
  return result;
}

/** The status, or 0 when the connection broke or nothing came within 10 s. */
function send(
  agent: Agent,
  options: { url: string; headers: Record<string, string> },
  body: string,
): Promise<number> {
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...options.headers,
    };
    const sent = request(
      options.url,
      { agent, method: 'POST', headers, timeout: 10_000 },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0)).once('error', () => resolve(0));
      },
    );
    sent.once('timeout', () => sent.destroy()).once('error', () => resolve(0));
    sent.end(body);
  });
}

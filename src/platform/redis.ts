/** What we ask of Redis. A script's keys and arguments hold no personal data. */
export type Redis = {
  evalsha(hash: string, keys: string[], args: unknown[]): Promise<unknown>;
  eval(script: string, keys: string[], args: unknown[]): Promise<unknown>;
  ping(): Promise<unknown>;
};

/** The word of a server that does not know a script yet; nothing else of its answers is passed on. */
const unknownScript = 'NOSCRIPT';

type Waiting = {
  command: unknown[];
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
};

type Reply = { result?: unknown; error?: string };

/**
 * Opens Upstash's REST API (https://upstash.com/docs/redis/features/restapi) for one request: commands of one tick go
 * out in one pipeline, none is sent twice. A command rejects when it fails or takes longer than `timeoutMs`. Ours
 * because Upstash's own client, with every command there is, was a sixth of the whole bundle.
 */
export function openRedis(options: { url: string; token: string; timeoutMs: number }): Redis {
  let queue: Waiting[] = [];
  const flush = async () => {
    const batch = queue;
    queue = [];
    try {
      const replies = await post(
        options,
        batch.map(({ command }) => command),
      );
      for (const [index, { resolve, reject }] of batch.entries()) {
        const reply = replies[index] ?? {};
        if (reply.error === undefined && 'result' in reply) resolve(reply.result);
        else reject(refused(reply.error ?? ''));
      }
    } catch {
      // Upstream errors quote the command, and with it whom it counts.
      for (const { reject } of batch) reject(new Error('Redis did not answer.'));
    }
  };
  const send = (...command: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      queue.push({ command, resolve, reject });
      if (queue.length === 1) queueMicrotask(() => void flush());
    });
  return {
    evalsha: (hash, keys, args) => send('EVALSHA', hash, keys.length, ...keys, ...args),
    eval: (script, keys, args) => send('EVAL', script, keys.length, ...keys, ...args),
    ping: () => send('PING'),
  };
}

async function post(
  { url, token, timeoutMs }: { url: string; token: string; timeoutMs: number },
  commands: unknown[][],
): Promise<Reply[]> {
  const response = await fetch(`${url.replace(/\/$/, '')}/pipeline`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(commands),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const replies: unknown = await response.json();
  if (!Array.isArray(replies)) throw new Error('no pipeline');
  return replies as Reply[];
}

function refused(error: string): Error {
  return new Error(error.startsWith(unknownScript) ? unknownScript : 'Redis refused a command.');
}

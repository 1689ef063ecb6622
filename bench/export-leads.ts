import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient, type Client } from '@libsql/client/http';
import { parse } from 'csv-parse';
import { startChild } from '../dev/child.ts';
import { freePorts } from '../dev/ports.ts';
import { readDevFile, type DevFile } from '../dev/stack-file.ts';
import { until } from '../dev/until.ts';
import { watchMemory, type Watch } from './memory.ts';

const rows = 100_000;
const largeRows = 2_000;
const slowBytesPerSecond = 1_048_576;
const stallMs = 5_000;

type Reader = { bytesPerSecond?: number; stall?: boolean };

// The production bundle exports 100,000 leads, to quick readers and slow ones, and the largest that there can be.
const dataDir = mkdtempSync(join(tmpdir(), 'inlet-bench-'));
const [port = 8787] = await freePorts(1, 20_000);
const [inspectorPort = 9229] = await freePorts(1, 21_000);
const preview = startChild(
  'preview',
  process.execPath,
  [fileURLToPath(new URL('../dev/preview.ts', import.meta.url))],
  {
    env: { PORT: String(port), DATA_DIR: dataDir, INSPECTOR_PORT: String(inspectorPort) },
    logFile: join(dataDir, 'preview.log'),
  },
);
try {
  await until(async () => readDevFile(dataDir) !== null, {
    withinMs: 90_000,
    failure: 'the preview was not ready within 90 s',
    ended: preview.ended,
  });
  const stack = readDevFile(dataDir);
  if (stack === null) throw new Error('the preview ended');
  const client = createClient({ url: stack.databaseUrl });
  for (let at = 0; at < rows; at += 10_000) await fill(client, 'usual', at, 10_000);
  await fill(client, 'large', 0, largeRows);
  const watch = await watchMemory(dataDir, inspectorPort);
  const measure = measuring(stack, watch);
  // The first request of an isolate loads what the others find there.
  await measure('no rows, the first request', 'source=nobody', 0);
  await measure(`${rows} rows, csv`, 'source=usual&format=csv', rows);
  await measure(`${rows} rows, ndjson`, 'source=usual&format=ndjson', rows);
  const slow = { bytesPerSecond: slowBytesPerSecond };
  await measure(`${rows} rows, csv, to a reader of 1 MiB/s`, 'source=usual', rows, slow);
  await measure(`${rows} rows, csv, to one that stalls`, 'source=usual', rows, { stall: true });
  await measure(`${largeRows} of the largest rows, csv`, 'source=large', largeRows);
  watch.collect(true);
  await measure(`${rows} rows, csv, collecting garbage`, 'source=usual', rows);
  await measure(`${largeRows} of the largest, collecting garbage`, 'source=large', largeRows);
  watch.stop();
} finally {
  await preview.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Takes an export, checks that every row is there once, and says how long it took and what it needed. */
function measuring({ url, secretKey }: DevFile, watch: Watch) {
  return async (name: string, query: string, expected: number, reader: Reader = {}) => {
    watch.peaks();
    const headers = { authorization: `Bearer ${secretKey}` };
    const taken = await take(`${url}/v1/leads/export?${query}`, headers, watch, reader);
    const { used, live, rss, cpuSeconds } = watch.peaks();
    const { ids, bytes, firstByteMs, ms, stalls } = taken;
    const complete = ids.size === expected && taken.count === expected;
    if (!complete) process.exitCode = 1;
    const heap = used > 0 ? `${mib(used)} with its garbage` : `${mib(live)} after collections`;
    console.log(`${name}: ${complete ? 'each once' : `BROKEN: ${ids.size}`}, ${mib(bytes)} MiB`);
    console.log(
      `  first byte ${firstByteMs.toFixed(0)} ms, whole ${(ms / 1_000).toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s`,
    );
    console.log(`  at most: heap ${heap}, process ${mib(rss)} MiB`);
    for (const stalled of stalls) {
      console.log(`  while stalled, the CPU of workerd: ${stalled.cpuSeconds.toFixed(2)} s of 4`);
    }
  };
}

async function take(
  url: string,
  headers: Record<string, string>,
  watch: Watch,
  { bytesPerSecond = Infinity, stall = false }: Reader,
) {
  const startedAt = performance.now();
  const ids = new Set<string>();
  let [bytes, count, firstByteMs] = [0, 0, 0];
  const stalls: { cpuSeconds: number }[] = [];
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).once('error', reject);
  });
  if (answer.statusCode !== 200) throw new Error(`the export was answered ${answer.statusCode}`);
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      firstByteMs ||= performance.now() - startedAt;
      bytes += chunk.length;
      yield chunk;
      const ahead = (bytes / bytesPerSecond) * 1_000 - (performance.now() - startedAt);
      if (ahead > 0) await sleep(ahead);
      if (!stall || stalls.length > 0) continue;
      // What fits between the two goes on for a moment.
      await sleep(stallMs / 5);
      watch.peaks();
      await sleep((stallMs * 4) / 5);
      stalls.push(watch.peaks());
    }
  }
  const asJson = answer.headers['content-type']?.includes('ndjson') === true;
  const options = asJson
    ? { delimiter: '\n', quote: null, escape: null }
    : { bom: true, columns: true };
  for await (const row of Readable.from(chunks()).pipe(parse(options))) {
    const { id } = (asJson ? JSON.parse((row as string[])[0] ?? '') : row) as { id: string };
    ids.add(id);
    count += 1;
  }
  return { ids, count, bytes, firstByteMs, ms: performance.now() - startedAt, stalls };
}

/** Stores leads: usual ones, or such as have as many bytes as the contract lets them. */
async function fill(client: Client, source: string, from: number, count: number): Promise<void> {
  const large = source === 'large';
  const notes = large ? repeat('🦊', 5_000) : repeat('Please call me. ', 16);
  const [parameters, pages] = large ? [12, 2] : [0, 0];
  const attribution = [
    ...Array.from({ length: parameters }, (_, at) => `'parameter${at}', ${repeat('🦊', 254)}`),
    ...Array.from({ length: pages }, (_, at) => `'page${at}', ${repeat('🦊', 2_048)}`),
  ];
  await client.execute(`
    WITH RECURSIVE numbers (n) AS (
      SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${from + count})
    INSERT INTO leads
      (id, full_name, email, email_key, source, notes, attribution, created_at, updated_at)
    SELECT format('lead_${source}%08d', n), format('Visitor %d of the bench', n),
      format('v%d@example.org', n), format('v%d@example.org', n), '${source}', ${notes},
      json_object(${attribution.join(', ')}), 1700000000000 + n / 7, 1700000000000 + n / 7
    FROM numbers`);
}

/** SQL of a text, some times over. */
function repeat(text: string, times: number): string {
  return `replace(hex(zeroblob(${times / 2})), '0', '${text}')`;
}

function mib(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}

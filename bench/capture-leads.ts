import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client/http';
import { startChild } from '../dev/child.ts';
import { freePorts } from '../dev/ports.ts';
import { readDevFile } from '../dev/stack-file.ts';
import { until } from '../dev/until.ts';
import { post } from './load.ts';

const connections = 16;
const seconds = 20;

// 16 connections post leads at the production bundle for 20 s. Load and service share the machine: compare runs, do not quote them.
const dataDir = mkdtempSync(join(tmpdir(), 'inlet-bench-'));
const [port = 8787] = await freePorts(1, 20_000);
const preview = startChild(
  'preview',
  process.execPath,
  [
    fileURLToPath(new URL('../dev/preview.ts', import.meta.url)),
    ...['--var', 'LIMIT_API_PER_KEY=100000000/1h', '--var', 'LIMIT_INTAKE_PER_IP=100000000/1h'],
  ],
  { env: { PORT: String(port), DATA_DIR: dataDir }, logFile: join(dataDir, 'preview.log') },
);
try {
  await until(async () => readDevFile(dataDir) !== null, {
    withinMs: 90_000,
    failure: 'the preview was not ready within 90 s',
    ended: preview.ended,
  });
  const stack = readDevFile(dataDir);
  if (stack === null) throw new Error('the preview ended');
  const result = await post({
    url: `${stack.url}/v1/leads`,
    headers: { authorization: `Bearer ${stack.secretKey}` },
    body: (index) =>
      JSON.stringify({
        full_name: `Visitor ${index} of the bench`,
        email: `visitor-${index}@example.org`,
        notes: 'Please call me back about the offer on your page. '.repeat(4),
      }),
    connections,
    seconds,
  });
  const client = createClient({ url: stack.databaseUrl });
  const { rows } = await client.execute('SELECT count(*) AS leads FROM leads');
  const stored = Number(rows[0]?.['leads']);
  const answered = [...result.statuses.values()].reduce((sum, count) => sum + count, 0);
  const created = result.statuses.get(201) ?? 0;
  const at = (share: number) => result.latencies[Math.floor(result.latencies.length * share)] ?? 0;
  console.log(`answers by status: ${JSON.stringify(Object.fromEntries(result.statuses))}`);
  console.log(`rows in leads:     ${stored} (201s: ${created})`);
  console.log(`requests/s:        ${(answered / seconds).toFixed(0)}`);
  console.log(`latency:           p50 ${at(0.5).toFixed(0)} ms, p99 ${at(0.99).toFixed(0)} ms`);
  process.exitCode = created === answered && stored === created ? 0 : 1;
} finally {
  await preview.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client/http';
import { migrate } from '../cli/migrate.ts';
import { freePorts } from '../dev/ports.ts';
import { startSqld } from '../dev/sqld.ts';

const rows = 50_000;
const known = 100_000;
const listId = 'list_newsletter';
const secret = randomBytes(32).toString('hex');

// An import of 50,000 people among 100,000, at the command line: whole, again, and broken off in the middle. The
// database shares the machine: compare runs, do not quote them.
const dataDir = mkdtempSync(join(tmpdir(), 'inlet-bench-'));
const [port = 8080] = await freePorts(1, 20_000);
const sqld = await startSqld({ dataDir, port });
const client = createClient({ url: sqld.url });
let failed = false;
try {
  await migrate({ url: sqld.url, authToken: null });
  await client.execute(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${known})
    INSERT INTO subscribers (id, email, email_key, created_at, updated_at, tags)
    SELECT 'sbr_' || i, 'old-' || i || '@example.org', 'old-' || i || '@example.org', 1, 1, '["old"]' FROM n`);
  const { peakMebibytes: idle } = await runInlet(['help']);
  console.log(`a command that does nothing: at most ${idle.toFixed(0)} MiB`);
  const first = writeFile('new');
  report('50,000 new rows', await runImport(first));
  await expectCounts({ subscribers: known + rows, subscriptions: rows, consents: rows });
  report('the same again', await runImport(first));
  report('the same, merged', await runImport(first, ['--on-conflict', 'merge']));
  await expectCounts({ subscribers: known + rows, subscriptions: rows, consents: rows });

  const second = writeFile('other');
  report('killed', await runImport(second, [], async () => (await doneSoFar()) >= rows / 2));
  report('and gone on with', await runImport(second));
  await expectCounts({
    subscribers: known + 2 * rows,
    subscriptions: 2 * rows,
    consents: 2 * rows,
  });
} finally {
  await sqld.child.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

function writeFile(word: string): string {
  const lines = Array.from({ length: rows }, (_, nth) =>
    [
      `${word}-${nth}@example.org`,
      `"Person, the ${nth}th"`,
      'de',
      `"fair,${nth % 7}"`,
      `Town ${nth % 100}`,
    ].join(','),
  );
  const path = join(dataDir, `${word}.csv`);
  writeFileSync(path, ['E-Mail,Name,Language,Tags,City', ...lines, ''].join('\n'));
  return path;
}

type Run = { seconds: number; peakMebibytes: number; output: string };

function runImport(path: string, more: string[] = [], isEnough?: () => Promise<boolean>) {
  const rules = ['--list', listId, '--consent', 'A bench.', '--attributes', 'City'];
  return runInlet(['subscribers', 'import', path, ...rules, ...more], isEnough);
}

/** Runs a command as a process of its own, and kills it when that is enough. */
async function runInlet(words: string[], isEnough?: () => Promise<boolean>): Promise<Run> {
  const startedAt = performance.now();
  const inlet = fileURLToPath(new URL('../cli/inlet.ts', import.meta.url));
  const child = spawn(process.execPath, [inlet, ...words], {
    env: {
      ...process.env,
      TURSO_DATABASE_URL: sqld.url,
      APP_SECRET: secret,
      ENVIRONMENT: 'development',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  let peak = 0;
  const looking = setInterval(async () => {
    peak = Math.max(peak, peakOf(child.pid));
    if (isEnough !== undefined && (await isEnough())) child.kill('SIGKILL');
  }, 10);
  await once(child, 'close');
  clearInterval(looking);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { seconds, peakMebibytes: peak / 1_024, output: output.trim() };
}

/** The most memory that a process had, in KiB, where the system shows it. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function doneSoFar(): Promise<number> {
  const open = "SELECT rows_done FROM imports WHERE state = 'open'";
  return Number((await client.execute(open)).rows[0]?.['rows_done'] ?? 0);
}

function report(what: string, { seconds, peakMebibytes, output }: Run): void {
  const rate = Math.round(rows / seconds);
  const figures = [`${seconds.toFixed(1)} s`, `${rate} rows/s`, `${peakMebibytes.toFixed(0)} MiB`];
  console.log(`${what}: ${figures.join(', ')}`);
  for (const line of output.split('\n')) console.log(`  ${line}`);
}

async function expectCounts(expected: Record<string, number>): Promise<void> {
  for (const [table, count] of Object.entries(expected)) {
    const { rows: found } = await client.execute(`SELECT count(*) AS count FROM ${table}`);
    const there = Number(found[0]?.['count']);
    console.log(`  ${table}: ${there}${there === count ? '' : `, NOT ${count}`}`);
    failed ||= there !== count;
  }
}

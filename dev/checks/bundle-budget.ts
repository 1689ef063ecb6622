import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { wranglerEnv } from '../wrangler.ts';
import { runTool } from './run-tool.ts';
import { misplacedStandIns, type Metafile } from './stand-ins.ts';

const budgetBytes = 130 * 1024;
const scriptBudgetBytes = 4 * 1024;

// Builds each environment as a deploy would, and weighs the minified bundle.
for (const environment of ['staging', 'production']) {
  const folder = mkdtempSync(join(tmpdir(), 'inlet-bundle-'));
  try {
    const parameters = [
      'deploy',
      '--dry-run',
      '--metafile',
      '--env',
      environment,
      '--outdir',
      folder,
    ];
    runTool('wrangler/bin/wrangler.js', parameters, wranglerEnv);
    if (!isWithin(budgetBytes, environment, join(folder, 'worker.js'))) {
      console.error('See what came in: npx wrangler deploy --dry-run --metafile');
    }
    const metafile = readFileSync(join(folder, 'bundle-meta.json'), 'utf8');
    for (const problem of misplacedStandIns(JSON.parse(metafile) as Metafile)) {
      console.error(`[alias] in wrangler.toml: ${problem}`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// What every page with an enhanced form loads, as it is shipped.
isWithin(
  scriptBudgetBytes,
  'embed.js',
  fileURLToPath(new URL('../../public/embed.js', import.meta.url)),
);

/** Weighs a file with gzip, and fails the run when it is over its budget. */
function isWithin(budget: number, name: string, path: string): boolean {
  const size = gzipSync(readFileSync(path), { level: 9 }).length;
  console.log(`${name}: ${(size / 1024).toFixed(2)} KiB gzip of ${budget / 1024}`);
  if (size <= budget) return true;
  console.error(`${name} is over its budget.`);
  process.exitCode = 1;
  return false;
}

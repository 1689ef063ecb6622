import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { wranglerEnv } from '../wrangler.ts';
import { runTool } from './run-tool.ts';

const budgetBytes = 130 * 1024;

// Builds each environment as a deploy would, and weighs the minified bundle.
for (const environment of ['staging', 'production']) {
  const folder = mkdtempSync(join(tmpdir(), 'inlet-bundle-'));
  try {
    const parameters = ['deploy', '--dry-run', '--env', environment, '--outdir', folder];
    runTool('wrangler/bin/wrangler.js', parameters, wranglerEnv);
    const size = gzipSync(readFileSync(join(folder, 'worker.js')), { level: 9 }).length;
    console.log(`${environment}: ${(size / 1024).toFixed(1)} KiB gzip of ${budgetBytes / 1024}`);
    if (size > budgetBytes) {
      console.error(
        'The Worker is over its budget. See what came in: npx wrangler deploy --dry-run --metafile',
      );
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

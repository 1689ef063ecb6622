import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import type { ServeBundle } from './serve-bundle.ts';
import { runStack } from './stack.ts';
import { orAbort } from './until.ts';
import { wranglerEnv, wranglerPath } from './wrangler.ts';

// The same stack around the bundle that `wrangler deploy` would ship, served by workerd itself.
await runStack('preview', async ({ port, dataDir }, bindings, signal) => {
  const folder = join(dataDir, 'bundle');
  await build(folder, join(dataDir, 'build.log'), signal);
  const script = join(folder, 'worker.js');
  const order: ServeBundle = { script, port, storage: join(dataDir, 'storage'), bindings };
  // For those that measure: bench/export-leads.ts.
  const { INSPECTOR_PORT: inspectorPort = '' } = process.env;
  if (inspectorPort !== '') order.inspectorPort = Number(inspectorPort);
  const server = fileURLToPath(new URL('serve-bundle.ts', import.meta.url));
  return startChild('the Worker', process.execPath, [server], {
    env: { ...wranglerEnv, WRANGLER_LOG: 'error', SERVE_BUNDLE: JSON.stringify(order) },
  });
});

async function build(folder: string, logFile: string, signal: AbortSignal): Promise<void> {
  const parameters = [wranglerPath, 'deploy', '--dry-run', '--outdir', folder];
  const child = startChild('the build', process.execPath, parameters, {
    env: wranglerEnv,
    logFile,
  });
  try {
    const end = await orAbort(child.ended, signal);
    if (!end.clean) throw new Error(`${end.line}; see ${logFile}`);
  } finally {
    await child.stop();
  }
}

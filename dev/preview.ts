import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import type { ServeBundle } from './serve-bundle.ts';
import { runStack } from './stack.ts';
import { wranglerEnv, wranglerPath } from './wrangler.ts';

// The same stack around the bundle that `wrangler deploy` would ship, served by workerd itself.
await runStack('preview', async ({ port, dataDir }, bindings) => {
  const bundle = join(dataDir, 'bundle');
  const build = startChild(
    'the build',
    process.execPath,
    [wranglerPath, 'deploy', '--dry-run', '--outdir', bundle],
    { env: wranglerEnv, logFile: join(dataDir, 'build.log') },
  );
  const end = await build.ended;
  if (!end.endsWith('exit code 0)')) throw new Error(`${end}; see ${join(dataDir, 'build.log')}`);

  const order: ServeBundle = { script: join(bundle, 'worker.js'), port, bindings };
  const server = fileURLToPath(new URL('serve-bundle.ts', import.meta.url));
  return startChild('the Worker', process.execPath, [server], {
    env: { ...wranglerEnv, WRANGLER_LOG: 'error', SERVE_BUNDLE: JSON.stringify(order) },
  });
});

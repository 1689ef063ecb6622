import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import { runStack } from './stack.ts';

const wrangler = fileURLToPath(new URL('../node_modules/wrangler/bin/wrangler.js', import.meta.url));

// The service with reload on every change, as `wrangler dev` runs it.
await runStack('dev', async ({ port, dataDir }, bindings) => {
  const varsFile = join(dataDir, 'worker.vars');
  mkdirSync(dataDir, { recursive: true });
  const lines = Object.entries(bindings).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  // A file, since everybody on the machine can read a command line.
  writeFileSync(varsFile, lines.join(''), { mode: 0o600 });
  const child = startChild(
    'wrangler dev',
    process.execPath,
    [
      wrangler,
      'dev',
      ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
      ...['--env-file', varsFile, '--persist-to', join(dataDir, 'wrangler')],
      '--show-interactive-dev-session=false',
    ],
    { env: { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' } },
  );
  return { ended: child.ended, stop: child.stop };
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import { runStack } from './stack.ts';
import { wranglerEnv, wranglerPath } from './wrangler.ts';

// The service with reload on every change, as `wrangler dev` runs it.
await runStack('dev', async ({ port, dataDir }, bindings) => {
  const varsFile = join(dataDir, 'worker.vars');
  const lines = Object.entries(bindings).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  // A file, since everybody on the machine can read a command line.
  writeFileSync(varsFile, lines.join(''), { mode: 0o600 });
  return startChild(
    'wrangler dev',
    process.execPath,
    [
      wranglerPath,
      'dev',
      ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
      ...['--env-file', varsFile, '--persist-to', join(dataDir, 'wrangler')],
      '--show-interactive-dev-session=false',
    ],
    { env: wranglerEnv },
  );
});

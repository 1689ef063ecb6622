import { devNull } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child.ts';
import { runStack } from './stack.ts';
import { wranglerEnv, wranglerPath } from './wrangler.ts';

// The service with reload on every change, as `wrangler dev` runs it.
await runStack('dev', async ({ port, dataDir, vars }, bindings) =>
  startChild(
    'wrangler dev',
    process.execPath,
    [
      wranglerPath,
      'dev',
      ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
      // The environment, which others cannot read, is heeded only where a file is named; .dev.vars is not.
      ...['--env-file', devNull, '--persist-to', join(dataDir, 'wrangler')],
      '--show-interactive-dev-session=false',
      // The environment is heeded for names alone that wrangler.toml knows.
      ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ],
    { env: { ...wranglerEnv, ...bindings } },
  ),
);

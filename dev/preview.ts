import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler';
import { startChild } from './child.ts';
import { answers } from './ports.ts';
import { runStack } from './stack.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const watchEveryMs = 2_000;

process.env['WRANGLER_LOG'] = 'error';

// The same stack around the bundle that `wrangler deploy` would ship, served by workerd itself.
await runStack('preview', async ({ port, dataDir }, bindings) => {
  const bundle = join(dataDir, 'bundle');
  await build(bundle);
  // The bundle is one module, so there is nothing left for the rules on how to read others.
  const { modulesRules: _, ...workerOptions } = readWorkerOptions(
    join(root, 'wrangler.toml'),
  ).workerOptions;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      host: '127.0.0.1',
      port,
      // The requests that reach it are not Cloudflare's, so there is nothing to fetch about them.
      cf: false,
      modules: true,
      modulesRoot: bundle,
      scriptPath: join(bundle, 'worker.js'),
      bindings: { ...workerOptions.bindings, ...bindings },
    }),
  );
  await miniflare.ready;
  const watch = watchPort(port);
  return {
    ended: watch.ended,
    async stop() {
      watch.stop();
      await miniflare.dispose();
    },
  };
});

async function build(bundle: string): Promise<void> {
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const config = join(root, 'wrangler.toml');
  const child = startChild(
    'the build',
    process.execPath,
    [wrangler, 'deploy', '--dry-run', '--config', config, '--outdir', bundle],
    { env: { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' } },
  );
  const end = await child.ended;
  if (!end.endsWith('exit code 0)')) throw new Error(end);
}

/** Miniflare does not tell when workerd dies, but its port closes with it. */
function watchPort(port: number): { ended: Promise<string>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<string>((resolve) => {
    timer = setInterval(async () => {
      if (!(await answers(port))) resolve('the Worker ended');
    }, watchEveryMs);
  });
  return { ended, stop: () => clearInterval(timer) };
}

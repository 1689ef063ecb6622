import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import {
  unstable_getMiniflareWorkerOptions as readWorkerOptions,
  unstable_readConfig as readConfig,
} from 'wrangler';
import { answers } from './ports.ts';

/** What `preview` asks of this process, as JSON in the environment: no other user can read it there. */
export type ServeBundle = {
  script: string;
  port: number;
  /** Where uploaded files are kept. */
  storage: string;
  bindings: Record<string, string>;
  /** Where the debugging protocol of workerd is spoken; nowhere without it. */
  inspectorPort?: number;
};

const watchEveryMs = 2_000;

// A process of its own: Miniflare ends the one it runs in on SIGTERM, before anybody else can clean up.
const { script, port, storage, bindings, inspectorPort } = JSON.parse(
  process.env['SERVE_BUNDLE'] ?? '',
) as ServeBundle;
const config = readConfig({ config: fileURLToPath(new URL('../wrangler.toml', import.meta.url)) });
// The bundle is one module, so there is nothing left for the rules on how to read others.
const { modulesRules: _, ...workerOptions } = readWorkerOptions(config).workerOptions;
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    ...workerOptions,
    host: '127.0.0.1',
    port,
    ...(inspectorPort === undefined ? {} : { inspectorPort }),
    resourcePersistencePath: storage,
    // The requests that reach it are not Cloudflare's, so there is nothing to fetch about them.
    cf: false,
    modules: true,
    // Where dev/cron.ts fires the crons.
    unsafeTriggerHandlers: true,
    modulesRoot: dirname(script),
    scriptPath: script,
    // The vars as the file has them: the worker's options mix in .dev.vars.
    bindings: { ...config.vars, ...bindings },
  }),
);
await miniflare.ready;
// Miniflare starts workerd anew where it died; where it cannot, the port stays closed and nobody is told.
setInterval(async () => {
  if (!(await answers(port))) process.exit(1);
}, watchEveryMs);

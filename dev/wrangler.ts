import { fileURLToPath } from 'node:url';

/** The program, to be run with the Node that runs this. */
export const wranglerPath = fileURLToPath(
  new URL('../node_modules/wrangler/bin/wrangler.js', import.meta.url),
);

/** Keeps it from calling home: the local stack works without a network. */
export const wranglerEnv = {
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
};

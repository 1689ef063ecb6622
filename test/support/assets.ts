import { env } from 'cloudflare:workers';
import { parseEnv } from '../../src/env.ts';
import type { AssetsBinding } from '../../src/platform/assets.ts';

/** The static files, and the addresses that were asked for. */
export type WatchedAssets = { asked: string[]; ASSETS: AssetsBinding };

/** The files as a deployment has them. */
export const { assets: staticFiles } = parseEnv(env);

/** The files as they are, or as something else gives them. */
export function watchAssets(
  give: AssetsBinding['fetch'] = (address, init) => staticFiles.fetch(address, init),
): WatchedAssets {
  const asked: string[] = [];
  const fetchAsset: AssetsBinding['fetch'] = (address, init) => {
    asked.push(new URL(address).pathname);
    return give(address, init);
  };
  return { asked, ASSETS: { fetch: fetchAsset } };
}

/** Every file as a server that misbehaves gives it. */
export function assetsFrom(url: string): WatchedAssets {
  return watchAssets((_address, init) => fetch(url, init));
}

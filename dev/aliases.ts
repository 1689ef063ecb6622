import { fileURLToPath } from 'node:url';
import { unstable_readConfig as readConfig } from 'wrangler';

/** What stands for parts of dependencies in the bundle, by what an import of it says: the aliases of wrangler.toml. */
export function readAliases(): Record<string, string> {
  const config = fileURLToPath(new URL('../wrangler.toml', import.meta.url));
  const aliases = (readConfig({ config }).alias ?? {}) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(aliases).map(([specifier, path]) => [
      specifier,
      fileURLToPath(new URL(`../${path}`, import.meta.url)),
    ]),
  );
}

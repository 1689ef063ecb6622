import { basename } from 'node:path';
import { readAliases } from '../aliases.ts';

/** What a bundle was made of, as esbuild tells it: `original` is what the import says. */
export type Metafile = {
  inputs: Record<string, { imports: { path: string; original?: string }[] }>;
};

/** Whose imports each of the files in src/platform/instead/ is for. */
const askedBy: Record<string, string> = {
  'base64.ts': '@libsql/',
  'drizzle.ts': 'drizzle-orm/',
  'hrana.ts': '@libsql/hrana-client/',
  'sentry-core.ts': 'toucan-js/',
};

/** What is wrong with the aliases of wrangler.toml, which hold for the import of anybody who uses the same words. */
export function misplacedStandIns(metafile: Metafile): string[] {
  return Object.entries(readAliases()).flatMap(([specifier, standIn]) => {
    const asker = askedBy[basename(standIn)] ?? 'nobody';
    const files = Object.entries(metafile.inputs)
      .filter(([, { imports }]) => imports.some(({ original }) => original === specifier))
      .map(([path]) => path.replace(/.*node_modules\//, ''));
    if (files.length === 0) return [`nothing imports ${specifier} any more`];
    return files
      .filter((file) => !file.startsWith(asker))
      .map((file) => `${specifier} is imported by ${file} too`);
  });
}

import { parseArgs } from 'node:util';
import { resolve } from 'node:path';

/** What the person at the keyboard chose. */
export type Settings = {
  port: number;
  dataDir: string;
  redisUrl: string | undefined;
  /** Vars of the Worker that take the place of those in wrangler.toml. */
  vars: Record<string, string>;
};

/** Reads PORT, DATA_DIR, REDIS_URL and `--var NAME=value`. Throws with a sentence for anything else. */
export function readSettings(
  environment: Record<string, string | undefined>,
  parameters: string[],
): Settings {
  const port = Number(environment['PORT'] ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_000) {
    throw new Error('PORT must be a port number from 1 to 65000');
  }
  const { values } = parseArgs({
    args: parameters,
    options: { var: { type: 'string', multiple: true } },
  });
  const vars = (values.var ?? []).map((text) => {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new Error(`--var takes NAME=value, not "${text}"`);
    }
    return [name, value] as const;
  });
  return {
    port,
    dataDir: resolve(environment['DATA_DIR'] ?? '.data'),
    redisUrl: environment['REDIS_URL'],
    vars: Object.fromEntries(vars),
  };
}

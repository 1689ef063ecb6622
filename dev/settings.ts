import { resolve } from 'node:path';
import { readParameters } from '../cli/parameters.ts';
import { refusedSettings } from '../cli/refused-settings.ts';
import { settingNames } from '../src/env.ts';

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
  const port = Number(environment['PORT'] || 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_000) {
    throw new Error('PORT must be a port number from 1 to 65000');
  }
  return {
    port,
    // A variable that is set but empty would be the current folder.
    dataDir: resolve(environment['DATA_DIR'] || '.data'),
    redisUrl: environment['REDIS_URL'],
    vars: readVars(parameters),
  };
}

function readVars(parameters: string[]): Record<string, string> {
  const { values } = readParameters(parameters, { var: { type: 'string', multiple: true } });
  const vars = Object.fromEntries((values.var ?? []).map((text) => readVar(text)));
  const known = settingNames();
  const unknown = Object.keys(vars).filter((name) => !known.includes(name));
  const problems = [
    ...unknown.map((name) => `${name} is no setting of the Worker`),
    ...refusedSettings(vars),
  ];
  if (problems.length > 0) throw new Error(`--var ${problems.join('; ')}`);
  return vars;
}

function readVar(text: string): [name: string, value: string] {
  const end = text.indexOf('=');
  if (end > 0) return [text.slice(0, end), text.slice(end + 1)];
  // What stands after the name may be a secret.
  throw new Error(`--var takes NAME=value; there is no = after "${/^\w*/.exec(text)?.[0]}"`);
}

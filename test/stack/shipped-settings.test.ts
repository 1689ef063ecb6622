import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { unstable_readConfig as readConfig } from 'wrangler';
import { ConfigError, parseEnv, settingNames } from '../../src/env.ts';
import { productionEnv } from '../unit/production-env.ts';
import { root } from './programs.ts';

function problemsWith(env: unknown): string[] {
  try {
    parseEnv(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

describe.for(['staging', 'production'])('%s in wrangler.toml', (environment) => {
  const shipped = readConfig({ config: join(root, 'wrangler.toml'), env: environment });
  const { PUBLIC_URL, ALLOWED_HOSTS, ...others } = shipped.vars;

  it('is refused until it holds a host of yours, and served from then on', ({ expect }) => {
    const { CORS_ALLOWED_ORIGINS: _, ...secrets } = productionEnv;
    const hosts = { PUBLIC_URL, ALLOWED_HOSTS };
    expect(problemsWith({ ...secrets, ...others, ...hosts })).toEqual([
      'PUBLIC_URL must be encrypted, at a host that is neither local nor an example',
      expect.stringMatching(/^ALLOWED_HOSTS must hold host names of yours/),
    ]);
    expect(problemsWith({ ...productionEnv, ...others })).toEqual([]);
  });

  it('asks at deploy for every secret without which the Worker would refuse', ({ expect }) => {
    const { BURST, ASSETS } = productionEnv;
    const hosts = { PUBLIC_URL: productionEnv.PUBLIC_URL, ALLOWED_HOSTS: 'inlet.acme.alt' };
    const withoutSecrets = { ...others, ...hosts, BURST, ASSETS };
    const missing = problemsWith(withoutSecrets).map((problem) => problem.split(' ')[0]);
    // It is optional on this machine, and so only missed once the others are there.
    missing.push('TURSO_AUTH_TOKEN');
    expect(missing.toSorted()).toEqual(shipped.secrets?.required?.toSorted());
  });
});

describe('docs/operating.md', () => {
  it('explains every variable and secret, and none that there is not', ({ expect }) => {
    const text = readFileSync(join(root, 'docs/operating.md'), 'utf8');
    const explained = [...text.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, name]) => name);
    const bindings = new Set(['BURST', 'ASSETS', 'FILES', 'EMAIL', 'CF_VERSION_METADATA']);
    const settings = settingNames().filter((name) => !bindings.has(name));
    expect(explained.toSorted()).toEqual(settings.toSorted());
  });
});

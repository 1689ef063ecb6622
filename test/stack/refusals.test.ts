import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { describe, it, type TestContext } from 'vitest';
import { startSqld } from '../../dev/sqld.ts';
import { cleanUp, freePort, makeFolder, noProcesses, nothingLeft, runScript } from './programs.ts';

function folderFor({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): string {
  const folder = makeFolder();
  onTestFinished(() => cleanUp(folder));
  return folder;
}

/** Starts a preview that will not come up, and waits until all that it started is gone. */
async function startInVain(
  dataDir: string,
  options: { parameters?: string[]; env?: Record<string, string>; alone?: boolean } = {},
) {
  const { parameters = [], env = {} } = options;
  const started = { DATA_DIR: dataDir, PORT: String(await freePort()), ...env };
  const { code, stderr } = await runScript('dev/preview.ts', parameters, { env: started });
  if (noProcesses === '' && options.alone !== false) await nothingLeft(dataDir);
  return { code, stderr };
}

/** What is seen of it: one line, and exit code 1. */
const refusal = (line: string) => ({ code: 1, stderr: `preview: ${line}\n` });

describe.concurrent('a stack that cannot start', () => {
  it('with a setting that it does not understand says which', async ({
    expect,
    onTestFinished,
  }) => {
    const parameters = ['--var', 'LIMIT_API_PER_KEY=many'];
    const line = '--var LIMIT_API_PER_KEY must look like 1000/1h';
    const dataDir = folderFor({ onTestFinished });
    expect(await startInVain(dataDir, { parameters })).toEqual(refusal(line));
  });

  it('on a folder that it cannot use says so', async ({ expect, onTestFinished }) => {
    const file = join(folderFor({ onTestFinished }), 'file');
    writeFileSync(file, '');
    const line = `DATA_DIR ${file} cannot be used (ENOTDIR)`;
    expect(await startInVain(file)).toEqual(refusal(line));
  });

  it('whose database dies at once says where its log is', async ({ expect, onTestFinished }) => {
    const dataDir = folderFor({ onTestFinished });
    writeFileSync(join(dataDir, 'sqld'), 'no folder');
    const line = `the libSQL server ended (exit code 1); see ${dataDir}/sqld.log`;
    expect(await startInVain(dataDir)).toEqual(refusal(line));
  });

  it('whose migration fails names it', async ({ expect, onTestFinished }) => {
    const dataDir = folderFor({ onTestFinished });
    const sqld = await startSqld({ dataDir, port: await freePort() });
    await createClient({ url: sqld.url }).execute('CREATE TABLE leads (id TEXT)');
    await sqld.child.stop();
    const { code, stderr } = await startInVain(dataDir);
    expect(stderr).toMatch(/^preview: migration 0000_first_tables failed: .*leads.*\n$/);
    expect(code).toBe(1);
  });

  it('whose build fails says where its log is', async ({ expect, onTestFinished }) => {
    const dataDir = folderFor({ onTestFinished });
    writeFileSync(join(dataDir, 'bundle'), 'no folder');
    const line = `the build ended (exit code 1); see ${dataDir}/build.log`;
    expect(await startInVain(dataDir)).toEqual(refusal(line));
  });

  it('whose Redis is away says so without its password', async ({ expect, onTestFinished }) => {
    const env = { REDIS_URL: `redis://user:hush@127.0.0.1:${await freePort()}` };
    const line = 'cannot connect to Redis: ECONNREFUSED';
    const dataDir = folderFor({ onTestFinished });
    expect(await startInVain(dataDir, { env })).toEqual(refusal(line));
  });

  it('whose Worker refuses its configuration says so', async ({ expect, onTestFinished }) => {
    const parameters = ['--var', 'ENVIRONMENT=staging'];
    const line = 'the Worker refuses its configuration; its log above names the fields';
    const dataDir = folderFor({ onTestFinished });
    expect(await startInVain(dataDir, { parameters })).toEqual(refusal(line));
  });

  it.skipIf(noProcesses)(
    `over a database that outlived its stack names it${noProcesses}`,
    async ({ expect, onTestFinished }) => {
      const dataDir = folderFor({ onTestFinished });
      const sqld = await startSqld({ dataDir, port: await freePort() });
      onTestFinished(() => sqld.child.stop());
      const { code, stderr } = await startInVain(dataDir, { alone: false });
      expect(stderr).toBe(
        `preview: process ${sqld.child.pid} is a libSQL server on ${dataDir}/sqld; end it first\n`,
      );
      expect(code).toBe(1);
      expect((await fetch(`${sqld.url}/health`)).status).toBe(200);
    },
  );
});

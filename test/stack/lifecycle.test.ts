import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, vi, type TestContext } from 'vitest';
import { capture, leadNames, startPreview, stopPreview } from './previews.ts';
import {
  cleanUp,
  freePort,
  makeFolder,
  noProcesses,
  nothingLeft,
  processesOf,
  startProgram,
} from './programs.ts';

function folderFor({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): string {
  const folder = makeFolder();
  onTestFinished(() => cleanUp(folder));
  return folder;
}

describe.skipIf(noProcesses).concurrent(`a stack, from start to end${noProcesses}`, () => {
  it('keeps leads and keys over a restart, and even over being killed outright', async ({
    expect,
    onTestFinished,
  }) => {
    const dataDir = folderFor({ onTestFinished });
    const first = await startPreview(dataDir);
    expect((await capture(first, first.secretKey, 'Before the restart')).status).toBe(201);
    expect(await stopPreview(first)).toBe(0);
    await nothingLeft(dataDir);
    expect(existsSync(join(dataDir, 'dev.json'))).toBe(false);

    const second = await startPreview(dataDir);
    const { secretKey, publishableKey, formId } = first;
    expect(second).toMatchObject({ secretKey, publishableKey, formId });
    expect((await capture(second, publishableKey, 'Before the kill')).status).toBe(201);
    await stopPreview(second, 'SIGKILL');
    await nothingLeft(dataDir);

    const third = await startPreview(dataDir);
    expect(await leadNames(third)).toEqual(['Before the kill', 'Before the restart']);
    await stopPreview(third);
  });

  it.for([
    ['SIGTERM', 'the database starts', 'sqld'],
    ['SIGINT', 'the bundle is built', 'wrangler'],
    ['SIGHUP', 'the Worker starts', 'serve-bundle'],
  ] as const)(
    'leaves nothing behind on %s while %s',
    async ([signal, , word], { expect, onTestFinished }) => {
      const dataDir = folderFor({ onTestFinished });
      const env = { DATA_DIR: dataDir, PORT: String(await freePort()) };
      const { child, ended } = startProgram([process.execPath, 'dev/preview.ts'], { env });
      const started = () => processesOf(dataDir).some(({ command }) => command.includes(word));
      await vi.waitFor(() => expect(started()).toBe(true), { timeout: 60_000, interval: 10 });
      child.kill(signal);
      expect(await ended).toBe(0);
      await nothingLeft(dataDir);
      expect(existsSync(join(dataDir, 'dev.json'))).toBe(false);
    },
  );

  it.for([
    ['SIGTERM to npm alone, as process managers send it', 'SIGTERM', 1],
    ['SIGINT to npm alone, as scripts send it', 'SIGINT', 1],
    ['SIGKILL to npm alone, which can pass nothing on', 'SIGKILL', 1],
    ['SIGINT to npm and what it runs, as Ctrl-C sends it', 'SIGINT', -1],
  ] as const)(
    'leaves nothing behind on %s',
    async ([, signal, toGroup], { expect, onTestFinished }) => {
      const dataDir = folderFor({ onTestFinished });
      const command = ['npm', 'run', 'preview'];
      const { program } = await startPreview(dataDir, { command, detached: true });
      process.kill(toGroup * (program.child.pid ?? 0), signal);
      await program.ended;
      await nothingLeft(dataDir);
      expect(existsSync(join(dataDir, 'dev.json'))).toBe(false);
    },
  );

  it('is developed on with what the shell has set for a deployment left out', async ({
    expect,
    onTestFinished,
  }) => {
    const dataDir = folderFor({ onTestFinished });
    const env = {
      APP_SECRET: 'of a deployment',
      TURSO_DATABASE_URL: 'libsql://leads-acme.turso.io',
    };
    const stack = await startPreview(dataDir, { command: ['npm', 'run', 'dev'], env });
    expect((await capture(stack, stack.secretKey, 'Under wrangler dev')).status).toBe(201);
    expect(await leadNames(stack)).toEqual(['Under wrangler dev']);
    await stopPreview(stack);
    await nothingLeft(dataDir);
  });
});

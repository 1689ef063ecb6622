import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { capture, leadNames, startPreview, stopPreview, type Preview } from './previews.ts';
import { cleanUp, freePort, makeFolder, runScript } from './programs.ts';

describe('a stack that runs', () => {
  const dataDir = makeFolder();
  let port = 0;
  let running: Preview;

  beforeAll(async () => {
    port = await freePort();
    running = await startPreview(dataDir, { port });
  });
  afterAll(async () => {
    await stopPreview(running);
    cleanUp(dataDir);
  });

  it('runs its crons when it is told to', async ({ expect }) => {
    for (const cron of ['* * * * *', '17 * * * *']) {
      const query = new URLSearchParams({ cron });
      const answer = await fetch(`${running.url}/cdn-cgi/local/scheduled?${query}`);
      expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
    }
  });

  it('says in dev.json where everything is, and the keys to it', async ({ expect }) => {
    const { url, formUrl, formId, databaseUrl, mailboxUrl, secretKey } = running;
    expect(url).toBe(`http://localhost:${port}`);
    expect(formUrl).toBe(`${url}/f/${formId}`);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
    expect((await fetch(`${databaseUrl}/health`)).status).toBe(200);
    expect((await fetch(mailboxUrl)).status).toBe(200);
    expect(await (await fetch(`${mailboxUrl}/emails`)).json()).toEqual({ data: [] });
    const ping = await fetch(running.redisRestUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.redisRestToken}` },
      body: '["PING"]',
    });
    expect(await ping.json()).toEqual({ result: 'PONG' });
    expect((await capture(running, running.publishableKey, 'From the page')).status).toBe(201);
    expect(await leadNames(running)).toContain('From the page');
    const headers = { authorization: `Bearer ${secretKey}` };
    expect((await fetch(`${url}/v1/keys`, { headers })).status).toBe(200);
  });

  it('answers a file of public/ by its name, and leaves the rest to the Worker', async ({
    expect,
  }) => {
    const { url, formUrl } = running;
    const list = await fetch(`${url}/disposable-domains.bin`);
    expect(list.status).toBe(200);
    expect(list.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect((await list.arrayBuffer()).byteLength).toBeGreaterThan(30_000);
    const missing = await fetch(`${url}/disposable-domains.txt`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ code: 'not_found' });
    const taken = await fetch(formUrl, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ name: 'Of a moment', email: 'somebody@yopmail.com' }),
    });
    expect(taken.status).toBe(200);
    // The Worker has read the list in the same place.
    expect(await leadNames(running)).not.toContain('Of a moment');
  });

  it('refuses a second one on its folder, which is which process has it', async ({ expect }) => {
    const env = { DATA_DIR: dataDir, PORT: String(await freePort()) };
    const { code, stderr } = await runScript('dev/preview.ts', [], { env });
    const { pid } = running.program.child;
    expect(stderr).toBe(
      `preview: another stack (process ${pid}) uses ${dataDir}; stop it, or set DATA_DIR to another folder\n`,
    );
    expect(code).toBe(1);
    expect((await capture(running, running.secretKey)).status).toBe(201);
  });

  it('lets a second one on the next port and another folder have leads of its own', async ({
    expect,
    onTestFinished,
  }) => {
    const other = makeFolder();
    onTestFinished(() => cleanUp(other));
    const second = await startPreview(other, { port: port + 1 });
    expect((await capture(second, second.secretKey, 'Neighbour')).status).toBe(201);
    expect(await leadNames(second)).toEqual(['Neighbour']);
    expect(await leadNames(running)).not.toContain('Neighbour');
    expect((await capture(running, second.secretKey)).status).toBe(401);
    expect(await stopPreview(second)).toBe(0);
  });

  it.for(['127.0.0.1', '0.0.0.0'])(
    'a port that a program on %s has is refused',
    async (host, { expect, onTestFinished }) => {
      const other = makeFolder();
      onTestFinished(() => cleanUp(other));
      const taken = await freePort();
      const squatter = createServer();
      onTestFinished(() => void squatter.close());
      await new Promise<void>((resolve) => squatter.listen(taken, host, resolve));
      const env = { DATA_DIR: other, PORT: String(taken) };
      const { code, stderr } = await runScript('dev/preview.ts', [], { env });
      expect(stderr).toBe(`preview: port ${taken} is already in use; set PORT to another one\n`);
      expect(code).toBe(1);
    },
  );

  it('comes up for other hosts than its own, and says that this one is refused', async ({
    expect,
    onTestFinished,
  }) => {
    const other = makeFolder();
    onTestFinished(() => cleanUp(other));
    const command = [process.execPath, 'dev/preview.ts', '--var', 'ALLOWED_HOSTS=leads.acme.com'];
    const stack = await startPreview(other, { command });
    expect(stack.program.stderr).toContain('/health answers HTTP 421\n');
    expect((await fetch(`${stack.url}/health/live`)).status).toBe(421);
    expect(await stopPreview(stack)).toBe(0);
  });
});

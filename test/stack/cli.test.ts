import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { createFormCommand, listFormsCommand } from '../../cli/forms.ts';
import {
  issueKeyCommand,
  listKeysCommand,
  revokeKeyCommand,
  verifyKeyCommand,
} from '../../cli/keys.ts';
import { migrateCommand } from '../../cli/migrate-command.ts';
import { readStackFile } from '../../dev/stack-file.ts';
import { capture, startPreview, stopPreview, type Preview } from './previews.ts';
import { cleanUp, makeFolder, runScript, withoutSettings } from './programs.ts';

const secret = ['--kind', 'secret', '--name', 'CRM', '--scopes', 'all'];

async function issue(words = secret): Promise<{ id: string; key: string }> {
  const { json } = await issueKeyCommand.run(words);
  return json as { id: string; key: string };
}

describe.concurrent('an operator at the command line, with a stack that runs', () => {
  const dataDir = makeFolder();
  let stack: Preview;

  beforeAll(async () => {
    for (const name of Object.keys(withoutSettings)) vi.stubEnv(name, '');
    vi.stubEnv('DATA_DIR', dataDir);
    stack = await startPreview(dataDir);
  });
  afterAll(async () => {
    await stopPreview(stack);
    cleanUp(dataDir);
  });

  const inlet = (words: string[], options: { input?: string; env?: Record<string, string> } = {}) =>
    runScript('cli/inlet.ts', words, { ...options, env: { DATA_DIR: dataDir, ...options.env } });

  it('issues a secret key, alone on standard output, that works at once', async ({ expect }) => {
    const words = ['--kind', 'secret', '--name', 'Shop', '--scopes', 'leads:write'];
    const { code, stdout, stderr } = await inlet(['keys', 'issue', ...words]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^inlet_sk_test_\w{38}\n$/);
    expect(stderr).toMatch(/^issued as key_\w+ on 127\.0\.0\.1:\d+; it cannot be shown again\n$/);
    const key = stdout.trim();
    expect((await capture(stack, key)).status).toBe(201);
    const headers = { authorization: `Bearer ${key}` };
    expect((await fetch(`${stack.url}/v1/leads`, { headers })).status).toBe(403);
  });

  it('issues a publishable key with all that can be said of one', async ({ expect }) => {
    const { text: form } = await createFormCommand.run(['--name', 'Contact']);
    const key = await issue([
      ...['--kind', 'publishable', '--name', 'Website', '--form', form],
      ...['--origin', 'https://example.com', '--origin', 'https://www.example.com'],
      ...['--rate-limit', '20/1h', '--expires-at', '2099-01-31T00:00:00Z'],
    ]);
    expect(key).toMatchObject({
      kind: 'publishable',
      key: expect.stringMatching(/^inlet_pk_test_/),
      form_id: form,
      origins: ['https://example.com', 'https://www.example.com'],
      rate_limit: '20/1h',
      expires_at: '2099-01-31T00:00:00.000Z',
    });
    // A page elsewhere, and a program that names no page.
    expect((await capture(stack, key.key)).status).toBe(403);
  });

  it('revokes a key, which stops within 10 s where it has just been used', async ({ expect }) => {
    const { id, key } = await issue();
    expect((await capture(stack, key)).status).toBe(201);
    const revokedAt = Date.now();
    const { text, json } = await revokeKeyCommand.run([id]);
    expect(text).toMatch(new RegExp(`^${id} is revoked since .*Z$`));
    const remaining = 10_000 - (Date.now() - revokedAt);
    await vi.waitFor(
      async () => {
        if ((await capture(stack, key)).status !== 401) throw new Error('still works');
      },
      { timeout: remaining, interval: 100 },
    );
    expect((await revokeKeyCommand.run([id])).json).toEqual({
      ...json,
      last_used_at: expect.any(String),
    });
    const { json: verdict } = await verifyKeyCommand.run([key]);
    expect(verdict).toEqual({ valid: false, reason: 'revoked_key', id });
  });

  it('verifies a key, also from standard input', async ({ expect }) => {
    const { id, key } = await issue();
    const { text } = await verifyKeyCommand.run([key]);
    expect(text).toMatch(new RegExp(`^valid: ${id}, secret, for leads:read, .*$`));
    const piped = await inlet(['keys', 'verify', '-'], { input: `${key}\n` });
    expect(piped).toEqual({ code: 0, stdout: `${text}\n`, stderr: '' });
    const { json } = await verifyKeyCommand.run([stack.publishableKey]);
    expect(json).toMatchObject({ valid: true, kind: 'publishable', form_id: stack.formId });
  });

  it('learns from the exit code, too, that a key does not work', async ({ expect }) => {
    const { code, stdout } = await inlet(['keys', 'verify', '--json', `${stack.secretKey}x`]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ valid: false, reason: 'invalid_key', id: null });
  });

  it('lists keys without the keys themselves', async ({ expect }) => {
    const { id, key } = await issue([...secret, '--expires-at', '2099-01-31T00:00:00Z']);
    const { text, json } = await listKeysCommand.run([]);
    const hint = `inlet_sk_test_…${key.slice(-4)}`;
    const state = 'active until 2099-01-31T00:00:00.000Z';
    expect(text).toMatch(new RegExp(`^${id} +${hint} +CRM +all +${state} +never$`, 'm'));
    expect(json).toEqual({
      data: expect.arrayContaining([expect.objectContaining({ id, name: 'CRM' })]),
    });
    expect(text + JSON.stringify(json)).not.toContain(key);
  });

  it('makes forms and lists them', async ({ expect }) => {
    const words = ['--name', 'Imprint', '--source', 'site', '--category', 'press'];
    const made = await createFormCommand.run(words);
    expect(made.json).toMatchObject({
      id: made.text,
      name: 'Imprint',
      default_source: 'site',
      default_category: 'press',
    });
    const { text, json } = await listFormsCommand.run([]);
    expect(text).toMatch(new RegExp(`^${made.text} +Imprint +site +press +active$`, 'm'));
    expect(json).toEqual({ data: expect.arrayContaining([made.json]) });
  });

  it('finds nothing to migrate', async ({ expect }) => {
    const { text, json } = await migrateCommand.run([]);
    expect({ text, json }).toEqual({ text: 'nothing to apply', json: { applied: [] } });
  });

  it.for([
    ['keys issue --kind publishable --name A --form form_none', '--form is no form'],
    [
      'keys issue --kind secret --name A --scopes all --expires-at 2020-01-31T00:00:00Z',
      '--expires-at is in the past',
    ],
    ['keys revoke key_none', 'There is no key with this id.'],
  ] as const)('is told in one line why "%s" fails', async ([words, line], { expect }) => {
    const outcome = await inlet(words.split(' '));
    expect(outcome).toEqual({ code: 1, stdout: '', stderr: `inlet: ${line}\n` });
  });

  it('works where the environment says, with live keys in production and while the secret rotates', async ({
    expect,
  }) => {
    const { appSecret = '' } = readStackFile(dataDir) ?? {};
    const env = { TURSO_DATABASE_URL: stack.databaseUrl, ENVIRONMENT: 'production' };
    const issued = await inlet(['keys', 'issue', ...secret], {
      env: { ...env, APP_SECRET: appSecret },
    });
    expect(issued.stdout).toMatch(/^inlet_sk_live_/);
    const verify = ['keys', 'verify', issued.stdout.trim()];
    const unrelated = { ...env, APP_SECRET: `${appSecret}1` };
    expect(await inlet(verify, { env: unrelated })).toMatchObject({ code: 1 });
    const rotated = { ...env, APP_SECRET: `${appSecret}2`, APP_SECRET_PREVIOUS: appSecret };
    expect(await inlet(verify, { env: rotated })).toMatchObject({ code: 0 });
  });
});

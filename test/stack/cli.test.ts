import { describe, it, vi } from 'vitest';
import {
  changeFormCommand,
  closeFormCommand,
  createFormCommand,
  deleteFormCommand,
  listFormsCommand,
  newAddressCommand,
  openFormCommand,
  showFormCommand,
} from '../../cli/forms.ts';
import {
  issueKeyCommand,
  listKeysCommand,
  revokeKeyCommand,
  verifyKeyCommand,
} from '../../cli/keys.ts';
import { migrateCommand } from '../../cli/migrate-command.ts';
import { readStackFile } from '../../dev/stack-file.ts';
import type { FormJson } from '../../src/forms/contract.ts';
import { capture, previewForCommands } from './previews.ts';
import { runScript } from './programs.ts';

const secret = ['--kind', 'secret', '--name', 'CRM', '--scopes', 'all'];

async function issue(words = secret): Promise<{ id: string; key: string }> {
  const { json } = await issueKeyCommand.run(words);
  return json as { id: string; key: string };
}

describe.concurrent('an operator at the command line, with a stack that runs', () => {
  const stack = previewForCommands();

  const inlet = (words: string[], options: { input?: string; env?: Record<string, string> } = {}) =>
    runScript('cli/inlet.ts', words, {
      ...options,
      env: { DATA_DIR: stack.dataDir, ...options.env },
    });

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
    const { addresses: _addresses, ...listed } = made.json as FormJson;
    expect(json).toEqual({ data: expect.arrayContaining([listed]) });
  });

  it('makes a form with all that can be said of one, and shows it', async ({ expect }) => {
    const { stdout, stderr, code } = await inlet([
      ...['forms', 'create', '--name', 'Jobs', '--source', 'site', '--category', 'jobs'],
      ...['--status', 'contacted', '--site-name', 'Shop & Co', '--color', '#ABCDEF'],
      ...['--origin', 'https://a.example', '--origin', 'https://b.example'],
      ...['--redirect-url', 'https://a.example/thanks', '--error-url', 'https://a.example/error'],
      ...['--notify', 'a@shop.example', '--notify', 'b@shop.example'],
      ...['--captcha', 'hcaptcha:a-b', '--captcha-action', 'jobs', '--captcha-outage', 'refuse'],
      ...['--uploads', 'image,document', '--max-files', '2', '--max-bytes', '1000000'],
      ...['--rate-limit', '5/1h', '--repeat', 'new', '--disposable', 'accept'],
      ...['--retention-days', '90'],
    ]);
    expect(code).toBe(0);
    const id = stdout.trim();
    const url = `${stack.url}/f/${id}`;
    expect(stderr).toBe(
      [
        `created on ${new URL(stack.databaseUrl).host}; post to ${url}`,
        'needs HCAPTCHA_SECRET_KEY there',
        'needs an R2 bucket, bound there as FILES\n',
      ].join('\n'),
    );
    const { json, text } = await showFormCommand.run([id]);
    expect(json).toMatchObject({
      id,
      url,
      name: 'Jobs',
      active: true,
      site_name: 'Shop & Co',
      color: '#abcdef',
      allowed_origins: ['https://a.example', 'https://b.example'],
      redirect_url: 'https://a.example/thanks',
      error_url: 'https://a.example/error',
      default_source: 'site',
      default_category: 'jobs',
      default_status: 'contacted',
      captcha: { provider: 'hcaptcha', site_key: 'a-b', action: 'jobs', on_outage: 'refuse' },
      notify_emails: ['a@shop.example', 'b@shop.example'],
      uploads: { max_files: 2, max_bytes: 1_000_000, kinds: ['image', 'document'] },
      rate_limit: '5/1h',
      repeat_contacts: 'new',
      disposable_emails: 'accept',
      retention_days: 90,
      addresses: [{ url, retires_at: null }],
    });
    expect(text).toMatch(/^name +Jobs$/m);
    expect(text).toMatch(/^notify_emails +\["a@shop\.example","b@shop\.example"\]$/m);
  });

  it('changes a form, and takes away what is none', async ({ expect }) => {
    const words = ['--name', 'Fair', '--color', '#123456', '--notify', 'a@shop.example'];
    const { text: id } = await createFormCommand.run([
      ...[...words, '--captcha', 'turnstile:a', '--uploads', 'image', '--rate-limit', '5/1h'],
    ]);
    const none = ['color', 'notify', 'captcha', 'uploads', 'rate-limit'];
    const changed = await changeFormCommand.run([
      ...[id, '--name', 'Fair 2', ...none.flatMap((option) => [`--${option}`, 'none'])],
    ]);
    expect(changed.text).toBe(`${id} is now in version 2`);
    expect(changed.json).toMatchObject({
      name: 'Fair 2',
      color: null,
      notify_emails: [],
      captcha: null,
      uploads: null,
      rate_limit: null,
    });
  });

  it('closes a form and opens it again', async ({ expect }) => {
    const { text: id } = await createFormCommand.run(['--name', 'Autumn']);
    expect((await closeFormCommand.run([id])).text).toBe(`${id} is closed`);
    const closed = await listFormsCommand.run(['--active', 'false']);
    expect(closed.text).toMatch(new RegExp(`^${id} +Autumn +- +- +closed$`, 'm'));
    expect((await listFormsCommand.run(['--active', 'true'])).text).not.toContain(id);
    expect((await openFormCommand.run([id])).json).toMatchObject({ active: true, version: 3 });
  });

  it('gives a form a new address, and deletes it', async ({ expect }) => {
    const { text: id } = await createFormCommand.run(['--name', 'Spring']);
    const moved = await newAddressCommand.run([id, '--keep-hours', '2']);
    expect(moved.text).toMatch(new RegExp(`^${stack.url}/f/[0-9A-Za-z]{24}$`));
    expect(moved.note).toBe('those before work for 2 hours more');
    expect(moved.json).toMatchObject({ id, url: moved.text, version: 2 });
    const { text } = await showFormCommand.run([id]);
    expect(text).toMatch(new RegExp(`^older +${stack.url}/f/${id} until .*Z$`, 'm'));
    expect(await deleteFormCommand.run([id])).toEqual({
      json: { id, deleted: true },
      text: `${id} is deleted`,
    });
    await expect(showFormCommand.run([id])).rejects.toThrow('There is no form with this id.');
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
    ['forms show form_none', 'There is no form with this id.'],
    ['forms close form_none', 'There is no form with this id.'],
    ['forms new-address form_none', 'There is no form with this id.'],
  ] as const)('is told in one line why "%s" fails', async ([words, line], { expect }) => {
    const outcome = await inlet(words.split(' '));
    expect(outcome).toEqual({ code: 1, stdout: '', stderr: `inlet: ${line}\n` });
  });

  it('works where the environment says, with live keys in production and while the secret rotates', async ({
    expect,
  }) => {
    const { appSecret = '' } = readStackFile(stack.dataDir) ?? {};
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

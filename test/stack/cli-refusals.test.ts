import { createServer } from 'node:http';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { describe, it, type TestContext } from 'vitest';
import {
  changeFormCommand,
  createFormCommand,
  listFormsCommand,
  newAddressCommand,
  showFormCommand,
} from '../../cli/forms.ts';
import { issueKeyCommand, revokeKeyCommand, verifyKeyCommand } from '../../cli/keys.ts';
import { migrateCommand } from '../../cli/migrate-command.ts';
import { UsageError } from '../../cli/parameters.ts';
import { reachDatabase } from '../../cli/reach.ts';
import { findTarget } from '../../cli/target.ts';
import { startSqld } from '../../dev/sqld.ts';
import { newStackFile } from '../../dev/stack-file.ts';
import { cleanUp, freePort, makeFolder, root, runScript } from './programs.ts';

type Cleanup = Pick<TestContext, 'onTestFinished'>;

const { appSecret } = newStackFile();
const nowhere = join(root, 'no-such-folder');

const inlet = (words: string, env: Record<string, string> = {}) =>
  runScript('cli/inlet.ts', words.split(' '), { env: { DATA_DIR: nowhere, ...env } });

async function startDatabase({ onTestFinished }: Cleanup): Promise<string> {
  const dataDir = makeFolder();
  const sqld = await startSqld({ dataDir, port: await freePort() });
  onTestFinished(async () => {
    await sqld.child.stop();
    cleanUp(dataDir);
  });
  return sqld.url;
}

function reach(host: string): Promise<unknown> {
  return reachDatabase({ url: `http://${host}`, authToken: 'hush' });
}

/** Something that answers every request so, and is no database. */
async function startServer(status: number, { onTestFinished }: Cleanup): Promise<string> {
  const port = await freePort();
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<p>upstream text</p>');
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return `127.0.0.1:${port}`;
}

describe.concurrent('the command line', () => {
  it('shows every command where none is named, and what each one takes', async ({ expect }) => {
    const all = await runScript('cli/inlet.ts', []);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['migrate', 'keys issue', 'keys revoke', 'forms create']) {
      expect(all.stdout).toContain(`  ${name} `);
    }
    const one = await inlet('help keys issue');
    expect(one.stdout).toContain('--rate-limit <1000/1h>');
    expect(await inlet('keys issue --help')).toEqual(one);
  });

  it('answers what is no command with those that are, and exit code 2', async ({ expect }) => {
    const known = 'keys issue, keys list, keys verify, keys revoke';
    const stderr = `inlet: there is no such command; there are ${known}\n`;
    expect(await inlet('keys isue')).toEqual({ code: 2, stdout: '', stderr });
  });

  it('answers options that make no sense with exit code 2', async ({ expect }) => {
    const stderr = 'inlet: --kind must be secret or publishable\n';
    expect(await inlet('keys issue --name A')).toEqual({ code: 2, stdout: '', stderr });
  });

  it('says in one line, with exit code 1, that the database is away', async ({ expect }) => {
    const host = `127.0.0.1:${await freePort()}`;
    const env = { APP_SECRET: appSecret, ENVIRONMENT: 'staging' };
    const stderr = `inlet: the database at ${host} cannot be reached (ECONNREFUSED); does it run?\n`;
    const outcome = await inlet('keys list', { ...env, TURSO_DATABASE_URL: `http://${host}` });
    expect(outcome).toEqual({ code: 1, stdout: '', stderr });
  });

  it('makes the tables of a database that has none, without any secret', async ({
    expect,
    onTestFinished,
  }) => {
    const url = await startDatabase({ onTestFinished });
    const env = { TURSO_DATABASE_URL: url, APP_SECRET: appSecret, ENVIRONMENT: 'staging' };
    const stderr = 'inlet: this database lacks migrations; run "npm run inlet -- migrate" first\n';
    expect(await inlet('forms list', env)).toEqual({ code: 1, stdout: '', stderr });

    const { stdout } = await inlet(`migrate --json --url ${url}`);
    const { applied } = JSON.parse(stdout) as { applied: string[] };
    const { rows } = await createClient({ url }).execute('SELECT name FROM schema_migrations');
    expect(rows.map((row) => row['name'])).toEqual(applied);
    expect(applied).toContain('0000_first_tables');
    const again = await inlet('migrate', { TURSO_DATABASE_URL: url });
    expect(again).toEqual({ code: 0, stdout: 'nothing to apply\n', stderr: '' });
    expect(await inlet('forms list', env)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('commands refuse', () => {
  it.for([
    [issueKeyCommand, '--kind secret --name A', '--scopes is required'],
    [issueKeyCommand, '--kind secret --scopes all', '--name is required'],
    [issueKeyCommand, '--kind publishable --name A', '--form is required'],
    [
      issueKeyCommand,
      '--kind secret --name A --scopes none',
      /^--scopes must be one of leads:read,/,
    ],
    [
      issueKeyCommand,
      '--kind secret --name A --scopes all --origin a.b',
      /^--origin must be an origin/,
    ],
    [
      issueKeyCommand,
      '--kind secret --name A --scopes all --rate-limit 9 --expires-at soon',
      '--rate-limit must look like 1000/1h; --expires-at must be a valid datetime',
    ],
    [issueKeyCommand, '--nmae A', "Unknown option '--nmae'"],
    [verifyKeyCommand, '--', '<key> is missing'],
    [verifyKeyCommand, 'inlet_a inlet_b', 'there are words too many: this takes <key> alone'],
    [revokeKeyCommand, 'inlet_sk_test_a', '<id> is what keys list shows, key_…, not the key'],
    [createFormCommand, '--source a', '--name is required'],
    [
      createFormCommand,
      '--name A --origin a --notify b --status c --repeat d --disposable e',
      /^--origin must be an origin .*; --status must be one of .*; --notify must be an email address; --repeat must be one of touch, new; --disposable must be one of accept, flag, refuse$/,
    ],
    [
      createFormCommand,
      '--name A --captcha maze:a --uploads film --max-files 11 --max-bytes many --retention-days 0',
      /^--captcha must be one of turnstile, .*; --max-files must be at most 10; --max-bytes must be of type number; --uploads must be one of image, .*; --retention-days must be at least 1$/,
    ],
    [
      createFormCommand,
      '--name A --captcha turnstile',
      '--captcha must be the provider’s site key',
    ],
    [
      createFormCommand,
      '--name A --max-files 2',
      '--max-files says something of --uploads: give that, too',
    ],
    [
      changeFormCommand,
      'form_a --captcha none --captcha-outage refuse',
      '--captcha-outage says something of --captcha: give that, too',
    ],
    [changeFormCommand, 'form_a', 'no option says what to change'],
    [changeFormCommand, '--name A', '<id> is missing'],
    [changeFormCommand, 'form_a --name none', '--name must be of type string'],
    [showFormCommand, '--', '<id> is missing'],
    [newAddressCommand, 'form_a --keep-hours soon', '--keep-hours must be of type number'],
    [listFormsCommand, '--active yes', '--active must be one of true, false'],
    [listFormsCommand, 'all', 'there are words too many: this takes options only'],
    [migrateCommand, '--url', "Option '--url <value>' argument missing"],
  ] as const)('$0.name $1', async ([command, words, line], { expect }) => {
    const refused = command.run(words.split(' '));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(line);
  });

  const url = 'libsql://a.example';
  it.for([
    [
      { DATA_DIR: nowhere },
      `no local stack runs in ${nowhere}: start one with "npm run dev", or set`,
    ],
    [{ ENVIRONMENT: 'production' }, 'TURSO_DATABASE_URL is not set, while ENVIRONMENT is'],
    [{ TURSO_DATABASE_URL: url }, 'ENVIRONMENT must be set to development, staging, production'],
    [
      { TURSO_DATABASE_URL: url, ENVIRONMENT: 'staging' },
      'APP_SECRET is not set, while TURSO_DATABASE_URL, ENVIRONMENT is',
    ],
    [
      { TURSO_DATABASE_URL: url, ENVIRONMENT: 'staging', APP_SECRET: 'hush' },
      /^(?!.*hush)APP_SECRET must hold at least 32 random bytes/,
    ],
  ] as const)('an environment of %o', ([env, line], { expect }) => {
    expect(() => findTarget(env)).toThrow(line);
  });

  it.for(['hush', 'file:hush.db', 'libsql://a.example?authToken=hush&hush=1'])(
    'the address %s, without repeating it',
    async (address, { expect }) => {
      const refused = reachDatabase({ url: address, authToken: null });
      await expect(refused).rejects.toThrow(/^(?!.*hush)the address of the database/);
    },
  );

  it('a server that is no database, and name the token where that is the reason', async ({
    expect,
    onTestFinished,
  }) => {
    const strict = await startServer(401, { onTestFinished });
    const other = await startServer(200, { onTestFinished });
    await expect(reach(strict)).rejects.toThrow(`${strict} refuses the auth token (HTTP 401)`);
    const line = `what answers at ${other} is no libSQL database, or not a well one (HTTP 200)`;
    await expect(reach(other)).rejects.toThrow(line);
  });
});

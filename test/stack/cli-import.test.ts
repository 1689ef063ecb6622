import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { importSubscribersCommand } from '../../cli/import-subscribers.ts';
import { eraseSubjectCommand, exportSubjectCommand } from '../../cli/subjects.ts';
import { migrate } from '../../cli/migrate.ts';
import { startSqld, type Sqld } from '../../dev/sqld.ts';
import {
  cleanUp,
  freePort,
  makeFolder,
  runScript,
  startProgram,
  withoutSettings,
} from './programs.ts';

const rules = ['--list', 'list_newsletter', '--consent', 'They signed up at our stand.'];

describe('subscribers import', () => {
  const dataDir = makeFolder();
  let sqld: Sqld;
  let env: Record<string, string>;

  beforeAll(async () => {
    sqld = await startSqld({ dataDir, port: await freePort() });
    await migrate({ url: sqld.url, authToken: null });
    const APP_SECRET = 'mYm9TFc8cZpbxqHIVz2w5sJd7RkLuE3nOaGvQ1yB4fU';
    env = { TURSO_DATABASE_URL: sqld.url, APP_SECRET, ENVIRONMENT: 'development' };
    for (const [name, value] of Object.entries({ ...withoutSettings, ...env })) {
      vi.stubEnv(name, value ?? '');
    }
  });
  afterAll(async () => {
    await sqld.child.stop();
    cleanUp(dataDir);
  });

  function write(name: string, content: string | Buffer): string {
    const path = join(dataDir, name);
    writeFileSync(path, content);
    return path;
  }
  const inlet = (...words: string[]) =>
    runScript('cli/inlet.ts', ['subscribers', 'import', ...words], { env });
  const rowsOf = async (query: string) =>
    (await createClient({ url: sqld.url }).execute(query)).rows;

  it('reads what spreadsheets write, tells of each row that is no good, and foretells it all', async ({
    expect,
  }) => {
    const path = write(
      'excel.csv',
      [
        '\ufeffE-Mail;First name;Last Name;Sprache;Tags;City',
        'ada@example.org;Ada;Lovelace;en;"math, fair";London',
        'grace@example.org;"Grace\r\n";Hopper;en;;New York',
        ';;;;;',
        'nobody;;;;;',
        'alan@example.org;Alan;Turing',
        '',
        'kurt@example.org;Kurt "Mr. Why";Gödel;de;logic;',
        'ADA@example.org;;;;;',
      ].join('\r\n'),
    );
    const errors = join(dataDir, 'errors.csv');
    const options = [path, ...rules, '--map', 'language=Sprache', '--attributes', 'City'];
    const dry = await inlet(...options, '--dry-run');
    const counts = '3 added, 0 changed, 1 unchanged, 0 suppressed, 2 invalid\n';
    expect(dry).toMatchObject({ code: 1, stdout: counts });
    expect(await rowsOf('SELECT id FROM imports UNION SELECT id FROM subscribers')).toEqual([]);

    const taken = await inlet(...options, '--errors', errors);
    expect(taken).toMatchObject({ code: 1, stdout: counts });
    expect(taken.stderr).toContain('line 6: email must be an email address\n');
    expect(taken.stderr).toContain('line 7: has 3 columns, while the first line has 6\n');
    expect(readFileSync(errors, 'utf8').split('\n')).toEqual([
      'line,row,field,code,message',
      '6,3,"email",invalid_email,"must be an email address"',
      '7,4,"",wrong_columns,"has 3 columns, while the first line has 6"',
      '',
    ]);
    const people = await rowsOf(
      'SELECT email, full_name, language, tags, attributes FROM subscribers ORDER BY email',
    );
    expect(people.map((row) => Object.values({ ...row }))).toEqual([
      ['ada@example.org', 'Ada Lovelace', 'en', '["math","fair"]', '{"City":"London"}'],
      ['grace@example.org', 'Grace Hopper', 'en', '[]', '{"City":"New York"}'],
      ['kurt@example.org', 'Kurt "Mr. Why" Gödel', 'de', '["logic"]', '{}'],
    ]);
    const again = await inlet(...options, '--json');
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(again.stdout)).toMatchObject({
      ...{ state: 'done', rows_total: 6, rows_done: 6, added: 0, unchanged: 4, invalid: 2 },
      errors: [{ line: 6, row: 3, field: 'email' }, { line: 7 }],
    });
  });

  it('goes on where it was killed: nobody is lost and nobody taken twice', async ({ expect }) => {
    const count = 12_000;
    const lines = Array.from({ length: count }, (_, nth) =>
      nth === 5 ? 'nobody' : `person-${nth}@example.net`,
    );
    const path = write('many.csv', ['email', ...lines].join('\n'));
    const doneSoFar = async () => {
      const open = "SELECT rows_done FROM imports WHERE state = 'open'";
      return Number((await rowsOf(open))[0]?.['rows_done'] ?? 0);
    };
    const words = ['cli/inlet.ts', 'subscribers', 'import', path, ...rules];
    const program = startProgram([process.execPath, ...words], { env });
    await vi.waitUntil(async () => (await doneSoFar()) > 0, { timeout: 60_000, interval: 5 });
    program.child.kill('SIGKILL');
    await program.ended;
    const done = await doneSoFar();
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(count);

    const { code, stdout, stderr } = await inlet(path, ...rules);
    expect(stdout).toBe(`${count - 1} added, 0 changed, 0 unchanged, 0 suppressed, 1 invalid\n`);
    expect(stderr).toMatch(new RegExp(`^goes on with imp_\\w+ after ${done} rows\n`));
    expect(stderr).toContain('line 7: email must be an email address\n');
    expect(code).toBe(1);
    const query = `SELECT count(*) AS count FROM subscriptions
      JOIN subscribers ON id = subscriber_id WHERE email LIKE 'person-%'`;
    expect((await rowsOf(query))[0]?.['count']).toBe(count - 1);
  });

  it.for([
    ['', 'the file is empty'],
    [Buffer.from('email\nJürgen@example.org\n', 'latin1'), 'the file is not UTF-8, near line 2: '],
    [Buffer.from('\ufeffemail\na@b.co\n', 'utf16le'), 'the file is UTF-16: '],
    ['email,name\na@b.co,A\nb@b.co,"B\nc@b.co,C\n', 'the row after line 2 cannot be read: '],
    ['name,email\n"A,a@b.co\n"B",b@b.co\nC,c@b.co\n', 'the row after line 1 cannot be read: '],
    ['address,name\na@b.co,A\n', 'the first line names no column for the address; '],
  ] as const)('takes nothing of %o, and says why', async ([content, line], { expect }) => {
    const path = write('wrong.csv', content);
    await expect(importSubscribersCommand.run([path, ...rules])).rejects.toThrow(line);
  });

  it('takes nothing of a file with a line that no row is as long as', async ({ expect }) => {
    const path = write('commas.csv', `email\na@b.co\n${','.repeat(600_000)}`);
    const line = 'line 3 is too long for a row';
    await expect(importSubscribersCommand.run([path, ...rules])).rejects.toThrow(line);
  });

  it('takes nothing of what cannot be read twice', async ({ expect }) => {
    const line = 'this is no file that can be read twice: ';
    await expect(importSubscribersCommand.run(['/dev/null', ...rules])).rejects.toThrow(line);
  });

  it('takes nobody under another secret than the deployment has, as nobody is exported or erased', async ({
    expect,
  }) => {
    const path = write('known.csv', 'email\nknown@example.org\n');
    await importSubscribersCommand.run([path, ...rules], true);
    const other = write('secret.csv', 'email\nsecret@example.org\n');
    vi.stubEnv('APP_SECRET', 'zYm9TFc8cZpbxqHIVz2w5sJd7RkLuE3nOaGvQ1yB4fU');
    const line = 'the people there are known by another secret: ';
    for (const words of [rules, [...rules, '--dry-run']]) {
      await expect(importSubscribersCommand.run([other, ...words], true)).rejects.toThrow(line);
    }
    const email = 'known@example.org';
    await expect(exportSubjectCommand.run([email])).rejects.toThrow(line);
    await expect(eraseSubjectCommand.run([email, '--yes'])).rejects.toThrow(line);
    vi.stubEnv('APP_SECRET', env['APP_SECRET']);
    expect(await rowsOf("SELECT id FROM subscribers WHERE email LIKE 'secret%'")).toEqual([]);
  });

  it('does not write errors over the file that it reads', async ({ expect }) => {
    const path = write('same.csv', 'email\nnobody\n');
    const link = join(dataDir, 'link.csv');
    symlinkSync(path, link);
    const parameters = [path, ...rules, '--errors', link];
    await expect(importSubscribersCommand.run(parameters, true)).rejects.toThrow(
      '--errors names the file that is read',
    );
    expect(readFileSync(path, 'utf8')).toBe('email\nnobody\n');
  });

  it('takes long rows, some at a time', async ({ expect }) => {
    const names = Array.from({ length: 10 }, (_, nth) => `a${nth}`).join(',');
    const cells = `,${'y'.repeat(490)}`.repeat(10);
    const lines = Array.from({ length: 130 }, (_, nth) => `long${nth}@example.org${cells}`);
    const path = write('long.csv', [`email,${names}`, ...lines].join('\n'));
    const { json } = await importSubscribersCommand.run(
      [path, ...rules, '--attributes', names],
      true,
    );
    expect(json).toMatchObject({ state: 'done', added: 130 });
    const batches = await rowsOf(`SELECT detail ->> 'from' AS first FROM audit_log
      WHERE target_id = '${(json as { id: string }).id}' AND detail ->> 'rows' IS NOT NULL ORDER BY first`);
    expect(batches.map(({ first }) => first)).toEqual([0, 53, 106]);
  });

  it.for([
    [['--list', 'list_none', '--consent', 'x'], 'Some fields are not valid'],
    [['--list', 'list_none', '--consent', 'x', '--dry-run'], 'Some fields are not valid'],
    [['--list', 'list_newsletter'], '--consent is required'],
    [[...rules, '--map', 'who=email'], '--map must look like email=Contact,full_name=Who; '],
    [[...rules, '--map', 'email=Contact'], '--map names a column that the first line '],
    [[...rules, '--attributes', 'City'], '--attributes names a column that the first line '],
    [[...rules, '--delimiter', '::'], '--delimiter must be one character, or tab'],
    [[...rules, '--on-conflict', 'replace'], '--on-conflict must be one of ignore, merge'],
    [[...rules, '--errors', '/none/errors.csv'], '--errors names a file that cannot be written '],
  ] as const)('does not take the options %o', async ([options, line], { expect }) => {
    const path = write('good.csv', 'email\na@b.co\n');
    await expect(importSubscribersCommand.run([path, ...options])).rejects.toThrow(line);
  });
});

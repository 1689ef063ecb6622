import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'vitest';
import { readSettings } from '../../dev/settings.ts';
import { newStackFile, readStackFile, writeStackFile } from '../../dev/stack-file.ts';

describe('the settings of a stack', () => {
  it('are port 8787 and the folder .data where nothing is set, or set to nothing', ({ expect }) => {
    const plain = { port: 8787, dataDir: resolve('.data'), redisUrl: undefined, vars: {} };
    expect(readSettings({}, [])).toEqual(plain);
    expect(readSettings({ PORT: '', DATA_DIR: '' }, [])).toEqual(plain);
  });

  it('come from PORT, DATA_DIR, REDIS_URL and each --var', ({ expect }) => {
    const environment = { PORT: '9000', DATA_DIR: '/tmp/here', REDIS_URL: 'memory:' };
    const words = [
      '--var',
      'LIMIT_API_PER_KEY=9/1h',
      '--var',
      'SENTRY_DSN=https://a@b.example/1?c=d',
    ];
    expect(readSettings(environment, words)).toEqual({
      port: 9000,
      dataDir: '/tmp/here',
      redisUrl: 'memory:',
      vars: { LIMIT_API_PER_KEY: '9/1h', SENTRY_DSN: 'https://a@b.example/1?c=d' },
    });
  });

  it.for([
    ['--var', "Option '--var <value>' argument missing"],
    ['--var LIMIT_API_PER_KEY', '--var takes NAME=value; there is no = after "LIMIT_API_PER_KEY"'],
    [
      '--var LIMIT_API_PER_KEY:9/1h',
      '--var takes NAME=value; there is no = after "LIMIT_API_PER_KEY"',
    ],
    ['--var LIMIT_API_PER_KEY=many', '--var LIMIT_API_PER_KEY must look like 1000/1h'],
    ['--var MAIL_PROVIDER=smtp', '--var MAIL_PROVIDER must be resend, cloudflare or log'],
    ['--var LIMITS=9/1h', '--var LIMITS is no setting of the Worker'],
    ['--port 1', "Unknown option '--port'"],
    ['8080', 'there are words too many: this takes options only'],
  ] as const)('given as %s are refused in one line', ([words, line], { expect }) => {
    expect(() => readSettings({}, words.split(' '))).toThrow(line);
  });

  it.for(['0', '65536', 'http', '80.5'])(
    'with PORT=%s ask for a port number',
    (PORT, { expect }) => {
      expect(() => readSettings({ PORT }, [])).toThrow(
        'PORT must be a port number from 1 to 65000',
      );
    },
  );

  it.for(['APP_SECRET=hush-hush', 'APP_SECRET:hush-hush', 'OTHER=hush-hush'])(
    'given as --var %s are refused without repeating the value',
    (word, { expect }) => {
      const refused = () => readSettings({}, ['--var', word]);
      expect(refused).toThrow('--var');
      expect(refused).not.toThrow('hush');
    },
  );
});

describe('stack.json', () => {
  it('is read as it was written, and null where there is none', ({ expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'inlet-stack-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(readStackFile(folder)).toBeNull();
    const file = newStackFile();
    writeStackFile(folder, file);
    expect(readStackFile(folder)).toEqual(file);
  });

  it.for(['{"appSecret": "cut of', '{}', '[]', 'null'])(
    'of %s is refused, with what to do',
    (content, { expect, onTestFinished }) => {
      const folder = mkdtempSync(join(tmpdir(), 'inlet-stack-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, 'stack.json'), content);
      const advice =
        'delete the folder to begin afresh, or the file alone to keep the data but lose every key';
      expect(() => readStackFile(folder)).toThrow(`${folder}/stack.json cannot be read; ${advice}`);
    },
  );
});

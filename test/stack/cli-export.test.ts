import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { capture, startPreview, stopPreview, type Preview } from './previews.ts';
import { cleanUp, makeFolder, runScript, startProgram } from './programs.ts';

describe('an export at the command line', () => {
  const dataDir = makeFolder();
  let stack: Preview;

  beforeAll(async () => {
    stack = await startPreview(dataDir);
    for (const name of ['Ada Lovelace', 'Grace Hopper'])
      await capture(stack, stack.secretKey, name);
  });
  afterAll(async () => {
    await stopPreview(stack);
    cleanUp(dataDir);
  });

  const inlet = (...words: string[]) =>
    runScript('cli/inlet.ts', words, { env: { DATA_DIR: dataDir } });

  it('goes to standard output and nothing with it, by the filters of the API', async ({
    expect,
  }) => {
    const all = await inlet('leads', 'export');
    expect({ code: all.code, stderr: all.stderr }).toEqual({ code: 0, stderr: '' });
    const rows: Record<string, string>[] = parse(all.stdout, { bom: true, columns: true });
    expect(rows.map((row) => row['full_name'])).toEqual(['Grace Hopper', 'Ada Lovelace']);
    const one = await inlet('leads', 'export', '--format', 'ndjson', '--q', 'grace', '--json');
    expect(JSON.parse(one.stdout)).toMatchObject({ full_name: 'Grace Hopper' });
  });

  it('fails where standard output does not take it', async ({ expect }) => {
    const command = `exec '${process.execPath}' cli/inlet.ts leads export > /dev/full`;
    const program = startProgram(['sh', '-c', command], { env: { DATA_DIR: dataDir } });
    expect(await program.ended).toBe(1);
    expect(program.stderr).toBe('inlet: the output cannot be written (ENOSPC)\n');
  });

  it('goes to a file that its owner alone reads, and that is there only when it is whole', async ({
    expect,
  }) => {
    const folder = makeFolder();
    const out = join(folder, 'people.csv');
    const words = ['subscribers', 'export', '--list', 'list_newsletter', '--out', out];
    expect(await inlet(...words)).toEqual({ code: 0, stdout: `${out}\n`, stderr: '' });
    expect(readFileSync(out, 'utf8')).toMatch(/^\uFEFFid,email,.*,state,state_since\r\n$/);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['people.csv']);

    const wrong = await inlet('leads', 'export', '--status', 'gone', '--out', out);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('inlet: --status must be one of');
    const nowhere = await inlet('leads', 'export', '--out', join(folder, 'none', 'x.csv'));
    expect({ ...nowhere, stderr: '' }).toEqual({ code: 1, stdout: '', stderr: '' });
    cleanUp(folder);
  });
});

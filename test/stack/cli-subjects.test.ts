import { describe, it } from 'vitest';
import { eraseSubjectCommand, exportSubjectCommand } from '../../cli/subjects.ts';
import { previewForCommands } from './previews.ts';
import { runScript } from './programs.ts';

describe('a person at the command line', () => {
  const stack = previewForCommands();

  it('is exported, and erased so that the Worker knows it', async ({ expect }) => {
    const headers = {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${stack.secretKey}`,
    };
    const post = (path: string, body: object) =>
      fetch(`${stack.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const email = 'ada@example.org';
    await post('/v1/leads', { full_name: 'Ada Lovelace', email });
    const { json, text } = await exportSubjectCommand.run(['ADA@example.org']);
    expect(json).toMatchObject({
      email,
      data: { leads: [{ full_name: 'Ada Lovelace' }] },
      cut: [],
    });
    expect(JSON.parse(text)).toEqual(json);

    const erased = await eraseSubjectCommand.run([email, '--yes']);
    expect(erased.text).toMatch(/^ers_/);
    expect(erased.note).toMatch(/^leads +1$/m);
    // The Worker hashes addresses as the command line does.
    expect((await post('/v1/subscribers', { email })).status).toBe(409);
    const after = await exportSubjectCommand.run([email]);
    expect(after.json).toMatchObject({
      data: { leads: [], subscribers: [], suppressions: [{ reason: 'erased', list_id: '' }] },
    });
  });

  it.for([
    ['subjects erase ada@example.org', '--yes is missing, and nobody can be asked'],
    ['subjects erase nobody --yes', '--email must be an email address'],
    ['subjects export', '<email> is missing'],
  ] as const)('is told in one line why "%s" fails', async ([words, line], { expect }) => {
    const env = { DATA_DIR: stack.dataDir };
    const { code, stdout, stderr } = await runScript('cli/inlet.ts', words.split(' '), { env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`inlet: ${line}`);
  });
});

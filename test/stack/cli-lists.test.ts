import { describe, it } from 'vitest';
import {
  changeListCommand,
  createListCommand,
  deleteListCommand,
  listListsCommand,
  showListCommand,
} from '../../cli/lists.ts';
import { createFormCommand, showFormCommand } from '../../cli/forms.ts';
import { notSpamCommand } from '../../cli/submissions.ts';
import { previewForCommands } from './previews.ts';
import { runScript } from './programs.ts';

describe('lists at the command line', () => {
  const stack = previewForCommands();

  it('are made, shown, changed and deleted', async ({ expect }) => {
    const words = ['--consent-text', 'I want news.', '--consent-version', '1'];
    const made = await createListCommand.run(['--name', 'News', '--retention-days', '9', ...words]);
    const { text: id } = made;
    expect(made.json).toMatchObject({ id, opt_in: 'double', retention_days: 9, version: 1 });
    const listed = await listListsCommand.run(['--visibility', 'public']);
    expect(listed.text).toMatch(/^ID +NAME +OPT-IN +VISIBILITY\nlist_/);
    expect(listed.text).toMatch(new RegExp(`^${id} +News +double +public$`, 'm'));
    expect((await listListsCommand.run(['--visibility', 'private'])).json).toEqual({ data: [] });

    const other = [id, '--consent-text', 'I want more.'];
    await expect(changeListCommand.run(other)).rejects.toThrow('Some fields are not valid');
    const more = ['--consent-version', '2', '--retention-days', 'none', '--visibility', 'private'];
    const changed = await changeListCommand.run([...other, ...more]);
    expect(changed.text).toBe(`${id} is now in version 2`);
    const shown = await showListCommand.run([id]);
    expect(shown.json).toMatchObject({
      ...{ consent_text: 'I want more.', retention_days: null, visibility: 'private' },
      counts: { pending: 0, active: 0 },
    });
    expect(shown.text).toMatch(/^complained +0$/m);
    expect((await deleteListCommand.run([id])).text).toBe(`${id} is deleted`);
    await expect(showListCommand.run([id])).rejects.toThrow('There is no list with this id.');
  });

  it('have forms, whose spam is signed up when it is none', async ({ expect }) => {
    const { text: listId } = await createListCommand.run(['--name', 'Club']);
    const words = ['--kind', 'newsletter', '--list', listId];
    const { text: form } = await createFormCommand.run(['--name', 'Sign-up', ...words]);
    expect((await showFormCommand.run([form])).json).toMatchObject({ list_id: listId });
    const response = await fetch(`${stack.url}/f/${form}`, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams({ email: 'ada@example.org', _gotcha: 'x' }),
    });
    const { id } = (await response.json()) as { id: string };
    expect((await notSpamCommand.run([id])).text).toBe(`${id} is signed up`);
    const { json } = await showListCommand.run([listId]);
    expect(json).toMatchObject({ counts: { pending: 1 } });
    await expect(deleteListCommand.run([listId])).rejects.toThrow('visibility to private');
  });

  it.for([
    ['lists create --name A --opt-in triple', '--opt-in must be one of single, double'],
    ['forms create --name A --list list_newsletter', '--list says nothing for a form of kind lead'],
  ] as const)('are told in one line why "%s" fails', async ([words, line], { expect }) => {
    const env = { DATA_DIR: stack.dataDir };
    const { code, stdout, stderr } = await runScript('cli/inlet.ts', words.split(' '), { env });
    expect({ stdout, failed: code !== 0 }).toEqual({ stdout: '', failed: true });
    expect(stderr).toContain(`inlet: ${line}`);
  });
});

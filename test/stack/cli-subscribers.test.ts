import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, vi } from 'vitest';
import type { Command } from '../../cli/command.ts';
import { importSubscribersCommand } from '../../cli/import-subscribers.ts';
import { eraseSubjectCommand, exportSubjectCommand } from '../../cli/subjects.ts';
import { notSpamCommand } from '../../cli/submissions.ts';
import {
  changeSubscriberCommand,
  deleteSubscriberCommand,
  listSubscribersCommand,
  showSubscriberCommand,
  unsubscribeCommand,
} from '../../cli/subscribers.ts';
import {
  addSuppressionCommand,
  checkSuppressionCommand,
  listSuppressionsCommand,
  removeSuppressionCommand,
} from '../../cli/suppressions.ts';
import { readStackFile } from '../../dev/stack-file.ts';
import { previewForCommands } from './previews.ts';

const list = 'list_newsletter';

const run = (command: Command, words: string) => command.run(words.split(' '));

/** The other commands that read or keep who may not be written to. */
function keepingAway(folder: string): [Command, string[]][] {
  const file = join(folder, 'people.csv');
  writeFileSync(file, 'email\nalan@example.org\n');
  return [
    [importSubscribersCommand, [file, '--list', list, '--consent', 'At our stand.']],
    [exportSubjectCommand, ['joan@example.org']],
    [eraseSubjectCommand, ['joan@example.org', '--yes']],
    [notSpamCommand, ['sub_1']],
  ];
}

/** Looks for somebody under settings that differ from those before. */
function checkUnder(settings: Record<string, string>) {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  return run(checkSuppressionCommand, 'joan@example.org');
}

describe('subscribers and suppressions at the command line', () => {
  const stack = previewForCommands();

  async function signUp(email: string): Promise<{ status: number; id: string }> {
    const headers = {
      Authorization: `Bearer ${stack.secretKey}`,
      'Content-Type': 'application/json',
    };
    const body = JSON.stringify({ email, tags: ['vip'] });
    const response = await fetch(`${stack.url}/v1/subscribers`, { method: 'POST', headers, body });
    return { ...((await response.json()) as { id: string }), status: response.status };
  }

  it('find somebody, change them, take them off and delete them', async ({ expect }) => {
    const { id } = await signUp('ada@example.org');
    const { text } = await run(listSubscribersCommand, '--tag vip --state pending --limit 5');
    expect(text).toMatch(/^ID +CREATED +EMAIL +LISTS +TAGS\nsbr_/);
    expect(text).toMatch(new RegExp(`^${id} +\\S+Z +ada@example.org +${list}:pending +vip$`, 'm'));
    const words = `${id} --name Ada --language de --tag none --attribute city=Wien --attribute a=b`;
    const { text: changed } = await run(changeSubscriberCommand, words);
    expect(changed).toBe(`${id} is now in version 2`);
    await run(changeSubscriberCommand, 'ada@example.org --attribute a=none --name none');
    const left = await run(unsubscribeCommand, `${id} --list ${list}`);
    expect(left.text).toBe(`${id} is ${list}:unsubscribed`);
    const { json } = await run(showSubscriberCommand, 'ADA@example.org');
    expect(json).toMatchObject({
      ...{ id, full_name: null, language: 'de', tags: [], attributes: { city: 'Wien' } },
      ...{ suppressions: [{ reason: 'unsubscribed', actor: 'cli' }], version: 3 },
    });
    expect((await run(deleteSubscriberCommand, id)).text).toBe(`${id} is deleted`);
    await expect(run(showSubscriberCommand, id)).rejects.toThrow('There is no subscriber');
    await expect(run(showSubscriberCommand, 'ada@example.org')).rejects.toThrow('nobody there');
    await expect(run(changeSubscriberCommand, id)).rejects.toThrow('no option says');
    await expect(run(changeSubscriberCommand, `${id} --attribute a`)).rejects.toThrow('must look');
    await expect(run(changeSubscriberCommand, `${id} --language e`)).rejects.toThrow(
      '--language must be a language',
    );
  });

  it('block an address, say so, and lift it', async ({ expect }) => {
    const who = 'grace@example.org';
    expect(await run(checkSuppressionCommand, who)).toMatchObject({ negative: false });
    expect((await run(addSuppressionCommand, who)).text).toBe('blocked, for all lists');
    const again = await run(addSuppressionCommand, who);
    expect(again.text).toMatch(/^blocked since \S+Z, for all lists$/);
    expect((await signUp(who)).status).toBe(409);
    const checked = await run(checkSuppressionCommand, who);
    expect(checked).toMatchObject({ negative: true, json: { suppressed: true } });
    const { text } = await run(listSuppressionsCommand, '--reason blocked');
    expect(text).toMatch(
      /^CREATED +REASON +LIST +BY +SUBJECT\n\S+Z +blocked +all +cli +[\da-f]{64}$/,
    );
    await expect(run(removeSuppressionCommand, `${who} --reason erased`)).rejects.toThrow('has no');
    const lifted = await run(removeSuppressionCommand, who);
    expect(lifted.text).toBe('blocked is lifted, for all lists');
    expect((await signUp(who)).status).toBe(202);
  });

  it('refuse to look for people under other secrets than the deployment has', async ({
    expect,
    onTestFinished,
  }) => {
    await signUp('joan@example.org');
    const { appSecret = '' } = readStackFile(stack.dataDir) ?? {};
    const names = ['TURSO_DATABASE_URL', 'ENVIRONMENT', 'APP_SECRET', 'SUBJECT_SECRET'];
    onTestFinished(() => {
      for (const name of [...names, 'APP_SECRET_PREVIOUS']) vi.stubEnv(name, '');
    });
    const here = { TURSO_DATABASE_URL: stack.databaseUrl, ENVIRONMENT: 'staging' };
    const rotated = { ...here, APP_SECRET: `${appSecret}2` };
    await expect(checkUnder(rotated)).rejects.toThrow(
      'set SUBJECT_SECRET as the deployment has it',
    );
    const wrong = checkUnder({ SUBJECT_SECRET: `${appSecret}3`, APP_SECRET_PREVIOUS: appSecret });
    await expect(wrong).rejects.toThrow('another secret than SUBJECT_SECRET');
    for (const [command, words] of keepingAway(stack.dataDir)) {
      await expect(command.run(words)).rejects.toThrow('another secret than SUBJECT_SECRET');
    }
    expect(await checkUnder({ SUBJECT_SECRET: '' })).toMatchObject({ negative: false });
    const kept = checkUnder({ SUBJECT_SECRET: appSecret, APP_SECRET_PREVIOUS: '' });
    expect(await kept).toMatchObject({ negative: false });
  });
});

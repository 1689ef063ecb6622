import { describe, it, vi } from 'vitest';
import { createFormCommand } from '../../cli/forms.ts';
import { openOperatorDeps } from '../../cli/operator-deps.ts';
import { dropOutboxCommand, listOutboxCommand, retryOutboxCommand } from '../../cli/outbox.ts';
import {
  listSubmissionsCommand,
  notSpamCommand,
  showSubmissionCommand,
  spamCommand,
} from '../../cli/submissions.ts';
import { outbox } from '../../drizzle/outbox.ts';
import { newId } from '../../src/lib/ids.ts';
import { maxAttempts } from '../../src/outbox/max-attempts.ts';
import { previewForCommands } from './previews.ts';
import { runScript } from './programs.ts';

describe('the spam folder and the outbox at the command line', () => {
  const stack = previewForCommands();

  async function sendSpam(message: string): Promise<string> {
    const fields = { name: 'Ada Lovelace', email: 'ada@example.org', message, _gotcha: 'x' };
    const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
    const body = JSON.stringify(fields);
    const response = await fetch(stack.formUrl, { method: 'POST', headers, body });
    const { id } = (await response.json()) as { id: string };
    return id;
  }

  it('shows what was sent of a lead, gives it up, and drops it', async ({ expect }) => {
    const notify = ['--notify', 'team@shop.example'];
    const made = await createFormCommand.run(['--name', 'Told', '--source', 'site', ...notify]);
    const body = new URLSearchParams({ name: 'Ada Lovelace', email: 'ada@example.org' });
    const headers = { Accept: 'application/json' };
    const url = `${stack.url}/f/${made.text}`;
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
    const { text } = await vi.waitFor(
      async () => {
        const outcome = await listOutboxCommand.run(['--state', 'done']);
        expect(outcome.text).toContain('lead_notification');
        return outcome;
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(text).toMatch(/^ID +TOPIC +OF +STATE +ATTEMPTS +DUE OR ENDED +LAST ERROR\nout_/);
    const mails = (await (await fetch(`${stack.mailboxUrl}/emails`)).json()) as { data: object[] };
    expect(mails.data).toMatchObject([
      { to: 'team@shop.example', subject: 'New lead: Ada Lovelace (Told)' },
    ]);
    const [id = ''] = /out_\w+/.exec(text) ?? [];
    await expect(retryOutboxCommand.run([id])).rejects.toThrow('This has been sent.');
    expect((await retryOutboxCommand.run(['dead'])).text).toBe('0 are due');
    await expect(retryOutboxCommand.run([id, '--reason', 'a'])).rejects.toThrow('--reason goes');
    expect((await dropOutboxCommand.run([id])).text).toBe(`${id} is dropped`);
    expect((await listOutboxCommand.run([])).json).toEqual({ data: [] });
  });

  it('tries again what was given up, and what was refused by its reason alone', async ({
    expect,
  }) => {
    const { write } = openOperatorDeps({
      database: { url: stack.databaseUrl, authToken: null },
      ...{ secrets: ['none'], subjectSecrets: ['none'], environment: 'development', publicUrl: '' },
    }).database;
    const at = Date.now();
    const dead = (attempts: number, lastError: string) => ({
      ...{ id: newId('out', at), topic: 'test', resourceId: 'res_a', payload: {}, lastError },
      ...{ state: 'dead' as const, attempts, dueAt: at, endedAt: at, createdAt: at },
    });
    const rows = [
      ...[dead(maxAttempts, 'TimeoutError'), dead(1, 'validation_error')],
      dead(1, 'no_mail_provider'),
    ];
    await write((orm) => [orm.insert(outbox).values(rows)]);
    for (const chosen of [[], ['--reason', 'no_mail_provider']]) {
      expect((await retryOutboxCommand.run(['dead', ...chosen])).text).toBe('1 are due');
    }
    const left = await listOutboxCommand.run(['--state', 'dead']);
    expect(left.json).toMatchObject({ data: [{ id: rows[1]?.id }] });
    for (const { id } of rows) await dropOutboxCommand.run([id]);
  });

  it('lists it, shows an entry, and turns it around and back', async ({ expect }) => {
    const [older, id] = [await sendSpam('First.'), await sendSpam('Second.')];
    const { text, json } = await listSubmissionsCommand.run(['--verdict', 'flagged']);
    expect(text).toMatch(/^ID +CREATED +VERDICT +REASONS +FORM +LEAD\nsub_/);
    const row = new RegExp(`^${id} +\\S+Z +flagged +honeypot +${stack.formId} +-$`, 'm');
    expect(text).toMatch(row);
    expect(json).toMatchObject({ data: [{ id }, { id: older }] });
    const some = await listSubmissionsCommand.run(['--form', stack.formId, '--limit', '1']);
    expect(some.json).toMatchObject({ data: [{ id, payload: { message: 'Second.' } }] });

    const accepted = await notSpamCommand.run([id]);
    expect(accepted.text).toMatch(new RegExp(`^${id} belongs to lead_\\w+$`));
    expect(accepted.json).toMatchObject({ verdict: 'accepted', reviewed_by: 'cli' });
    const none = await listSubmissionsCommand.run(['--reason', 'links']);
    expect(none.json).toEqual({ data: [] });
    expect((await spamCommand.run([id])).text).toBe(`${id} is in the spam folder`);
    expect((await showSubmissionCommand.run([id])).json).toMatchObject({
      verdict: 'flagged',
      reasons: ['honeypot', 'marked_by_operator'],
      lead_id: null,
      files: [],
    });
  });

  it('shows what strangers wrote without letting it move the cursor', async ({ expect }) => {
    const id = await sendSpam('a\u009b2Jb\u202ec');
    const { text } = await showSubmissionCommand.run([id]);
    expect(text).toMatch(/^verdict +flagged$/m);
    expect(text).toMatch(/^payload +\{.*"message":"a.{0,1}2Jbc".*\}$/m);
    expect(text).not.toMatch(/[\u0080-\u009f\u202e]/);
  });

  it.for([
    ['submissions show sub_none', 'There is no submission with this id.'],
    ['outbox retry out_none', 'There is no row of the outbox with this id.'],
    ['outbox drop out_none', 'There is no row of the outbox with this id.'],
    ['outbox list --state lost', '--state must be one of pending, done, dead'],
    ['submissions not-spam sub_none', 'There is no submission with this id.'],
    ['submissions list --verdict perhaps', '--verdict must be one of accepted, flagged'],
    ['submissions list --limit 0x10', '--limit must be a whole number'],
    ['submissions list --form', 'Option'],
  ] as const)('is told in one line why "%s" fails', async ([words, line], { expect }) => {
    const env = { DATA_DIR: stack.dataDir };
    const { code, stdout, stderr } = await runScript('cli/inlet.ts', words.split(' '), { env });
    expect({ stdout, failed: code !== 0 }).toEqual({ stdout: '', failed: true });
    expect(stderr).toContain(`inlet: ${line}`);
  });
});

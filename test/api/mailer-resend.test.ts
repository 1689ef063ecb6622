import { env } from 'cloudflare:workers';
import { describe, inject, it, vi } from 'vitest';
import { parseEnv } from '../../src/env.ts';
import { consoleLogger } from '../../src/platform/logger.ts';
import { openMailer, type Mail, type MailService } from '../../src/platform/mailer.ts';
import { closedPort } from '../support/faults.ts';
import { mailsTo } from '../support/mails.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { loggedLines } from '../support/watch-logs.ts';

const service = {
  provider: 'resend',
  from: { name: 'Acme, Inc.', address: 'news@acme.alt' },
  url: inject('bindings')['RESEND_URL'] ?? '',
  apiKey: inject('bindings')['RESEND_API_KEY'] ?? '',
} as const;

const send = (
  mail: Mail,
  key: string = randomWord(),
  change: Partial<typeof service> | object = {},
) => openMailer({ ...service, ...change }, consoleLogger).send(mail, key);

function makeMail(fault: string | null = null): Mail {
  const { email, full_name: name } = makePerson();
  return {
    to: fault === null ? email : `${fault}+${email}`,
    subject: `Welcome, ${name}`,
    text: `Confirm: https://acme.alt/n/${randomWord()}?a=1&b=2`,
    html: '<p>Confirm</p>',
    replyTo: null,
    headers: { 'List-Unsubscribe': '<https://acme.alt/n>' },
  };
}

describe('a mail by Resend', () => {
  it('is taken with everything that it holds', async ({ expect }) => {
    const mail = makeMail();
    expect(await send({ ...mail, replyTo: 'sales@acme.alt' }, 'key-1')).toEqual({
      kind: 'done',
    });
    expect(await mailsTo(mail.to)).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        from: '"Acme, Inc." <news@acme.alt>',
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        reply_to: 'sales@acme.alt',
        headers: mail.headers,
        idempotency_key: 'key-1',
      },
    ]);
  });

  it('is of the deployment’s sender, at the address that stands in for Resend', async ({
    expect,
  }) => {
    const mail = makeMail();
    const { mail: configured } = parseEnv(env);
    const mailer = openMailer(configured, consoleLogger);
    expect(await mailer.send(mail, randomWord())).toEqual({ kind: 'done' });
    expect(await mailsTo(mail.to)).toMatchObject([
      { from: 'Inlet <inlet@mail.example>', reply_to: null },
    ]);
  });

  it('is one, however often it is sent under its key', async ({ expect }) => {
    const mail = makeMail();
    const key = randomWord();
    for (let at = 0; at < 3; at += 1) expect(await send(mail, key)).toEqual({ kind: 'done' });
    expect(await mailsTo(mail.to)).toHaveLength(1);
  });

  it('is one where the answer to the first try was lost', async ({ expect }) => {
    const mail = makeMail('once-lost');
    const key = randomWord();
    expect(await send(mail, key)).toMatchObject({ kind: 'failed' });
    expect(await send(mail, key)).toEqual({ kind: 'done' });
    expect(await mailsTo(mail.to)).toHaveLength(1);
  });

  it('is done where its words have changed since it was taken', async ({ expect }) => {
    const mail = makeMail();
    const key = randomWord();
    await send(mail, key);
    expect(await send({ ...mail, subject: 'Other' }, key)).toEqual({ kind: 'done' });
    expect(await mailsTo(mail.to)).toHaveLength(1);
  });

  const faults: [fault: string, reason: string | RegExp, retryAfterMs: number | null][] = [
    ['429', 'rate_limit_exceeded', 2_000],
    ['503', 'status_503', null],
    ['html', 'not_an_answer', null],
    ['drop', /^\w*Error$/, null],
  ];

  it.for(faults)(
    'fails for now after %s, and is taken later',
    async ([fault, reason, retryAfterMs], { expect }) => {
      const mail = makeMail(`once-${fault}`);
      const key = randomWord();
      expect(await send(mail, key)).toEqual({
        kind: 'failed',
        reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
        retryAfterMs,
      });
      expect(await mailsTo(mail.to)).toEqual([]);
      expect(await send(mail, key)).toEqual({ kind: 'done' });
      expect(await mailsTo(mail.to)).toHaveLength(1);
    },
  );

  it('fails for now where nobody listens', async ({ expect }) => {
    expect(await send(makeMail(), 'key', { url: closedPort })).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(/^\w*Error$/),
      retryAfterMs: null,
    });
  });

  it('is refused for good where it cannot be sent as it is', async ({ expect }) => {
    const mail = makeMail('fault-422');
    expect(await send(mail)).toEqual({ kind: 'refused', reason: 'validation_error' });
  });

  it.for(['', 'of-somebody-else', 'no header:\r\n'])(
    'outlives our own mistake: key "%s"',
    async (apiKey, { expect }) => {
      const mail = makeMail();
      expect(await send(mail, 'key', { apiKey })).toMatchObject({ kind: 'failed' });
      expect(await mailsTo(mail.to)).toEqual([]);
    },
  );

  it('gives up after 10 s, which are shorter here', async ({ expect, onTestFinished }) => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const asked = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 50));
    onTestFinished(() => asked.mockRestore());
    expect(await send(makeMail('fault-hang'))).toEqual({
      kind: 'failed',
      reason: 'TimeoutError',
      retryAfterMs: null,
    });
    expect(asked).toHaveBeenCalledExactlyOnceWith(10_000);
  });
});

describe('a mail that nobody sends', () => {
  it('can be sent later, and a line of the log says that it is not sent', async ({ expect }) => {
    const log: MailService = { provider: 'log' };
    expect(await openMailer(log, consoleLogger).send(makeMail(), 'key')).toEqual({
      kind: 'refused',
      reason: 'no_mail_provider',
    });
    const lines = loggedLines().map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([{ kind: 'mail', at: expect.any(String), sent: false, provider: 'log' }]);
  });
});

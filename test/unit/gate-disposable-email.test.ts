import { env } from 'cloudflare:workers';
import { beforeEach, describe, it } from 'vitest';
import { parseEnv } from '../../src/env.ts';
import { checkDisposableEmail, asksForDomains } from '../../src/forms/gates/disposable-email.ts';
import { holdNothing } from '../../src/platform/assets.ts';
import {
  openDisposableDomains,
  type DisposableDomains,
} from '../../src/platform/disposable-domains.ts';
import { consoleLogger } from '../../src/platform/logger.ts';
import allowedText from '../../dev/allowed-mail-domains.txt?raw';
import { makeEntry } from './gate-entry.ts';

const { assets } = parseEnv(env);
const allowed = allowedText.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

function open(): DisposableDomains {
  const held = holdNothing<DataView>();
  return openDisposableDomains({ assets, held, logger: consoleLogger, now: Date.now });
}

const domains = open();
beforeEach(() => domains.load());

const judge = (email: string, policy: 'accept' | 'flag' | 'refuse' = 'flag') =>
  checkDisposableEmail(makeEntry({ email }, { form: { disposable_emails: policy } }), {
    disposableDomains: domains,
  });

describe('the gate against throw-away addresses', () => {
  it.for([
    ...['x@mailinator.com', 'x@Mailinator.COM', 'x@yopmail.com', 'x@guerrillamail.com'],
    ...['x@trashmail.com', 'x@10minutemail.com', 'x@inbox.mailinator.com', 'x@a.b.yopmail.com'],
  ])('flags %s', async (email, { expect }) => {
    expect(await judge(email)).toEqual({ flag: 'disposable_email' });
  });

  it.for([
    ...['x@gmail.com', 'x@web.de', 'x@gmx.de', 'x@proton.me', 'x@icloud.com', 'x@orange.fr'],
    ...['x@privaterelay.appleid.com', 'x@mozmail.com', 'x@duck.com', 'x@opayq.com'],
    ...[
      'x@acme.alt',
      'x@mailinator.example',
      'x@mailinator.com.acme.alt',
      'x@com',
      'no address',
      '',
    ],
    ...['x@müller.example', 'x@co.uk', 'x@kanzlei-mailinator.de', 'x@yopmail.acme.alt'],
  ])('passes %s', async (email, { expect }) => {
    expect(await judge(email)).toEqual({ pass: true });
  });

  it('never takes a provider that people use, or what is below one, for such', async ({
    expect,
  }) => {
    expect(allowed.length).toBeGreaterThan(150);
    for (const domain of allowed) {
      expect(await domains.includes(domain), domain).toBe(false);
      expect(await domains.includes(`ada.${domain}`), domain).toBe(false);
    }
  });

  it('names the input where the form refuses such addresses', async ({ expect }) => {
    const entry = makeEntry(
      { 'Your e-mail': '', 'E-Mail': 'x@yopmail.com' },
      { form: { disposable_emails: 'refuse' } },
    );
    expect(await checkDisposableEmail(entry, { disposableDomains: domains })).toMatchObject({
      refuse: {
        code: 'validation_failed',
        fields: [{ field: 'E-Mail', code: 'disposable_email' }],
      },
    });
  });

  it('asks nobody where the form takes them, or no address came', async ({ expect }) => {
    expect(await judge('x@yopmail.com', 'accept')).toEqual({ pass: true });
    const accepts = { form: { disposable_emails: 'accept' as const } };
    expect(asksForDomains(makeEntry({ email: 'x@yopmail.com' }, accepts))).toBe(false);
    expect(asksForDomains(makeEntry({ phone: '+49 30 123456' }))).toBe(false);
    expect(asksForDomains(makeEntry({ email: 'x@acme.alt' }))).toBe(true);
  });

  it('knows nothing of a domain until the list is there, and gets it', async ({ expect }) => {
    const empty = open();
    const entry = makeEntry({ email: 'x@yopmail.com' });
    expect(await empty.includes('yopmail.com')).toBeNull();
    expect(await checkDisposableEmail(entry, { disposableDomains: empty })).toEqual({
      flag: 'disposable_email',
    });
  });
});

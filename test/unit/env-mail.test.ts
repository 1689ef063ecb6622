import { describe, it } from 'vitest';
import { ConfigError, parseEnv } from '../../src/env.ts';
import { productionEnv } from './production-env.ts';

const key = 're_Hx3kQ9vL_2mXr7TtYw5PqHs8JdFgNc4Va';
const from = 'Acme <news@acme.alt>';
const binding = { send: () => Promise.resolve({ messageId: 'id' }) };

function problemsOf(settings: Record<string, unknown>): string[] {
  try {
    parseEnv({ ...productionEnv, ...settings });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const mailOf = (settings: Record<string, unknown>) =>
  parseEnv({ ...productionEnv, ...settings }).mail;

describe('the settings for mail', () => {
  it('send none where they are not set', ({ expect }) => {
    expect(mailOf({})).toEqual({ provider: 'log' });
    expect(mailOf({ MAIL_PROVIDER: undefined, MAIL_FROM: undefined })).toEqual({ provider: 'log' });
    const others = { MAIL_FROM: from, RESEND_API_KEY: key, EMAIL: binding };
    expect(mailOf({ MAIL_PROVIDER: 'log', ...others })).toEqual({ provider: 'log' });
  });

  it('name Resend, a sender and a key', ({ expect }) => {
    const settings = { MAIL_PROVIDER: 'resend', MAIL_FROM: from, RESEND_API_KEY: key };
    expect(mailOf(settings)).toEqual({
      provider: 'resend',
      from: { name: 'Acme', address: 'news@acme.alt' },
      apiKey: key,
      url: 'https://api.resend.com',
    });
  });

  it('name a stand-in for Resend in development', ({ expect }) => {
    const settings = { MAIL_PROVIDER: 'resend', MAIL_FROM: 'a@localhost.example' };
    const standIn = { RESEND_API_KEY: 'any', RESEND_URL: 'http://127.0.0.1:9000' };
    const mail = mailOf({ ENVIRONMENT: 'development', ...settings, ...standIn });
    expect(mail).toMatchObject({ apiKey: 'any', url: 'http://127.0.0.1:9000' });
  });

  it('name Cloudflare, a sender and a binding', ({ expect }) => {
    expect(mailOf({ MAIL_PROVIDER: 'cloudflare', MAIL_FROM: from, EMAIL: binding })).toEqual({
      provider: 'cloudflare',
      from: { name: 'Acme', address: 'news@acme.alt' },
      binding,
    });
  });

  const needs = 'is missing, and MAIL_PROVIDER needs it';

  it.for(['production', 'staging', 'development'])(
    'are refused in %s without what the provider needs',
    (ENVIRONMENT, { expect }) => {
      const of = (settings: object) => problemsOf({ ENVIRONMENT, ...settings });
      const resend = { MAIL_PROVIDER: 'resend', MAIL_FROM: from, RESEND_API_KEY: key };
      expect(of({ ...resend, MAIL_FROM: '' })).toEqual([`MAIL_FROM ${needs}`]);
      expect(of({ ...resend, RESEND_API_KEY: '' })).toEqual([`RESEND_API_KEY ${needs}`]);
      expect(of({ MAIL_PROVIDER: 'resend' })).toEqual([
        `MAIL_FROM ${needs}`,
        `RESEND_API_KEY ${needs}`,
      ]);
      const cloudflare = { MAIL_PROVIDER: 'cloudflare', MAIL_FROM: from, EMAIL: binding };
      expect(of({ ...cloudflare, MAIL_FROM: '' })).toEqual([`MAIL_FROM ${needs}`]);
      expect(of({ ...cloudflare, EMAIL: undefined })).toEqual([`EMAIL ${needs}`]);
    },
  );

  it.for([
    ['MAIL_PROVIDER', 'smtp', 'must be resend, cloudflare or log'],
    [
      'MAIL_FROM',
      'Acme',
      'must be an address such as news@acme.com, or Acme <news@acme.com>, in one line',
    ],
    [
      'MAIL_FROM',
      'Acme\n<news@acme.alt>',
      'must be an address such as news@acme.com, or Acme <news@acme.com>, in one line',
    ],
    ['RESEND_URL', 'ftp://mail', 'must be http://… or https://…, without credentials or a query'],
    ['EMAIL', 'binding', 'is no send_email binding'],
    ['EMAIL', null, 'is no send_email binding'],
    ['EMAIL', {}, 'is no send_email binding'],
  ] as const)('are refused where %s is %s', ([field, value, otherwise], { expect }) => {
    for (const ENVIRONMENT of ['production', 'development']) {
      expect(problemsOf({ ENVIRONMENT, [field]: value })[0]).toBe(`${field} ${otherwise}`);
    }
  });
});

import { afterEach, describe, it, vi } from 'vitest';
import type { MailAddress } from '../../src/lib/mail-address.ts';
import type { EmailBinding } from '../../src/platform/cloudflare-email.ts';
import { consoleLogger } from '../../src/platform/logger.ts';
import { openMailer, type Mail, type MailService } from '../../src/platform/mailer.ts';

const mail: Mail = {
  to: 'zora@acme.alt',
  subject: 'Welcome',
  text: 'Welcome',
  html: '<p>Welcome</p>',
  replyTo: null,
  headers: {},
};
const from = { name: 'Acme', address: 'news@acme.alt' };

function send(service: MailService, changed: Partial<Mail> = {}) {
  return openMailer(service, consoleLogger).send({ ...mail, ...changed }, 'key');
}

/** Cloudflare's binding, which does this with a mail. */
function by(act: EmailBinding['send'], sender: MailAddress = from): MailService {
  return { provider: 'cloudflare', from: sender, binding: { send: act } };
}

/** Cloudflare's binding, whose errors have this code. */
function failing(code: unknown): MailService {
  return by(() => Promise.reject(Object.assign(new Error('To zora@acme.alt'), { code })));
}

const throwAtOnce = () => {
  throw new TypeError('zora');
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('an answer of Resend', () => {
  const resend = { provider: 'resend', from, url: 'https://mail.acme.alt/', apiKey: 'k' } as const;

  function sendAnd(status: number, body: unknown, headers: Record<string, string> = {}) {
    const answer = new Response(JSON.stringify(body), { status, headers });
    const fetch = vi.fn(() => Promise.resolve(answer));
    vi.stubGlobal('fetch', fetch);
    return { outcome: send(resend), fetch };
  }

  // https://resend.com/docs/api-reference/errors
  it.for([
    [400, 'invalid_idempotency_key', 'refused'],
    [400, 'validation_error', 'refused'],
    [401, 'missing_api_key', 'failed'],
    [401, 'restricted_api_key', 'failed'],
    [403, 'invalid_api_key', 'failed'],
    [403, 'validation_error', 'failed'],
    [404, 'not_found', 'failed'],
    [405, 'method_not_allowed', 'failed'],
    [409, 'concurrent_idempotent_requests', 'failed'],
    [422, 'invalid_from_address', 'failed'],
    [422, 'invalid_parameter', 'refused'],
    [422, 'missing_required_field', 'refused'],
    [422, 'validation_error', 'refused'],
    [429, 'daily_quota_exceeded', 'postponed'],
    [429, 'monthly_quota_exceeded', 'postponed'],
    [429, 'rate_limit_exceeded', 'failed'],
    [451, 'security_error', 'refused'],
    [500, 'application_error', 'failed'],
    [500, 'internal_server_error', 'failed'],
  ] as const)('of %d %s means that the mail is %s', async ([status, name, kind], { expect }) => {
    expect(await sendAnd(status, { name, message: 'upstream text' }).outcome).toEqual({
      kind,
      reason: name,
      ...(kind === 'failed' ? { retryAfterMs: null } : {}),
      ...(kind === 'postponed' ? { afterMs: 3_600_000 } : {}),
    });
  });

  it('may say for how long the quota is used up', async ({ expect }) => {
    const body = { name: 'daily_quota_exceeded' };
    const outcome = await sendAnd(429, body, { 'Retry-After': '7200' }).outcome;
    expect(outcome).toMatchObject({ kind: 'postponed', afterMs: 7_200_000 });
  });

  it.for([null, 'text', [], {}, { name: 5 }, { name: 'To zora' }, { name: 'a'.repeat(61) }])(
    'of %j has a status and no name',
    async (body, { expect }) => {
      const outcome = await sendAnd(500, body).outcome;
      expect(outcome).toEqual({ kind: 'failed', reason: 'status_500', retryAfterMs: null });
    },
  );

  it.for([null, {}, { id: 5 }, 'id'])('of 200 and %j is nobody’s', async (body, { expect }) => {
    const outcome = await sendAnd(200, body).outcome;
    expect(outcome).toEqual({ kind: 'failed', reason: 'not_an_answer', retryAfterMs: null });
  });

  it('that sends us elsewhere is not followed', async ({ expect }) => {
    const { outcome, fetch } = sendAnd(302, null, { Location: 'https://elsewhere.alt/' });
    expect(await outcome).toMatchObject({ kind: 'failed', reason: 'status_302' });
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      'https://mail.acme.alt/emails',
      expect.objectContaining({ redirect: 'manual' }),
    );
  });

  it('may name the date to come back at', async ({ expect }) => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    const outcome = await sendAnd(503, {}, { 'Retry-After': at }).outcome;
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'status_503' });
    const { retryAfterMs } = outcome as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('comes to a request that names us', async ({ expect }) => {
    const { outcome, fetch } = sendAnd(200, { id: 'id' });
    expect(await outcome).toEqual({ kind: 'done' });
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      expect.any(String),
      expect.objectContaining({
        headers: expect.objectContaining({ Authorization: 'Bearer k', 'User-Agent': 'inlet' }),
      }),
    );
  });
});

describe('a mail by Cloudflare', () => {
  it('is handed to the binding', async ({ expect }) => {
    const taken: unknown[] = [];
    const take: EmailBinding['send'] = (message) => {
      taken.push(message);
      return Promise.resolve({ messageId: 'id' });
    };
    const headers = { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
    const more = { replyTo: 'sales@acme.alt', headers };
    expect(await send(by(take), more)).toEqual({ kind: 'done' });
    expect(await send(by(take, { name: null, address: 'a@acme.alt' }))).toEqual({
      kind: 'done',
    });
    const { to, subject, text, html } = mail;
    const same = { to, subject, text, html };
    expect(taken).toEqual([
      { ...same, ...more, from: { name: 'Acme', email: 'news@acme.alt' } },
      { ...same, headers: {}, from: 'a@acme.alt' },
    ]);
  });

  // https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes
  it.for([
    ['E_RECIPIENT_SUPPRESSED', 'refused'],
    ['E_VALIDATION_ERROR', 'refused'],
    ['E_FIELD_MISSING', 'refused'],
    ['E_CONTENT_TOO_LARGE', 'refused'],
    ['E_HEADER_NOT_ALLOWED', 'refused'],
    ['E_HEADER_USE_API_FIELD', 'refused'],
    ['E_HEADER_VALUE_INVALID', 'refused'],
    ['E_HEADER_VALUE_TOO_LONG', 'refused'],
    ['E_HEADER_NAME_INVALID', 'refused'],
    ['E_HEADERS_TOO_LARGE', 'refused'],
    ['E_HEADERS_TOO_MANY', 'refused'],
    ['E_SENDER_NOT_VERIFIED', 'failed'],
    ['E_SENDER_DOMAIN_NOT_AVAILABLE', 'failed'],
    ['E_RECIPIENT_NOT_ALLOWED', 'failed'],
    ['E_DELIVERY_FAILED', 'failed'],
    ['E_RATE_LIMIT_EXCEEDED', 'failed'],
    ['E_DAILY_LIMIT_EXCEEDED', 'failed'],
    ['E_INTERNAL_SERVER_ERROR', 'failed'],
  ] as const)('whose error is %s is %s', async ([code, kind], { expect }) => {
    expect(await send(failing(code))).toEqual({
      kind,
      reason: code,
      ...(kind === 'failed' ? { retryAfterMs: null } : {}),
    });
  });

  it.for([undefined, 5, 'To zora@acme.alt', 'E_', `E_${'A'.repeat(61)}`])(
    'whose error has the code %s fails by its name',
    async (code, { expect }) => {
      const outcome = await send(failing(code));
      expect(outcome).toEqual({ kind: 'failed', reason: 'Error', retryAfterMs: null });
    },
  );

  it('fails where the binding throws something else, or at once', async ({ expect }) => {
    const failed = { kind: 'failed', retryAfterMs: null };
    expect(await send(by(() => Promise.reject('zora' as never)))).toEqual({
      ...failed,
      reason: 'unknown',
    });
    expect(await send(by(throwAtOnce))).toEqual({ ...failed, reason: 'TypeError' });
  });

  it('is given up after 10 s', async ({ expect }) => {
    vi.useFakeTimers();
    try {
      const outcome = send(by(() => new Promise(() => {})));
      await vi.advanceTimersByTimeAsync(9_999);
      expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
      await vi.advanceTimersByTimeAsync(1);
      expect(await outcome).toEqual({
        kind: 'failed',
        reason: 'TimeoutError',
        retryAfterMs: null,
      });
    } finally {
      vi.useRealTimers();
    }
  });
});

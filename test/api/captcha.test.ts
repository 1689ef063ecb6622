import { sql } from 'drizzle-orm';
import { describe, inject, it } from 'vitest';
import type { CaptchaPolicy } from '../../drizzle/forms.ts';
import type { NewForm } from '../../src/forms/contract.ts';
import { bucket, bucketWith } from '../support/buckets.ts';
import { makeToken, type TokenFacts } from '../support/captcha-tokens.ts';
import {
  call,
  callWith,
  makeBareForm,
  makeForm,
  makeSecretKey,
  operator,
} from '../support/harness.ts';
import { asMultipart, filePart, textPart } from '../support/form-bodies.ts';
import { makePerson, type Person } from '../support/people.ts';
import { countLeads, rowsOf } from '../support/rows.ts';
import { makePng } from '../support/sample-files.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { expectProblem } from './answers.ts';
import { runSql } from './data.ts';

type Provider = CaptchaPolicy['provider'];
type Answer = { id: string; code: unknown; errors?: { field: string; code: string }[] };

const inputs: Record<Provider, string> = {
  turnstile: 'cf-turnstile-response',
  hcaptcha: 'h-captcha-response',
  recaptcha: 'g-recaptcha-response',
};
const providers = Object.keys(inputs) as Provider[];
const site = 'https://www.acme.alt';

function makeCaptchaForm(
  provider: Provider,
  more: Partial<CaptchaPolicy> = {},
  origins = [site],
  settings: Partial<NewForm> = {},
) {
  const captcha = { provider, site_key: 'site-key', action: null, on_outage: 'accept', ...more };
  return makeBareForm({
    ...settings,
    allowed_origins: origins,
    captcha: captcha as CaptchaPolicy,
  });
}

type Sent = {
  token?: string;
  person?: Person;
  fields?: Record<string, string>;
  bindings?: Record<string, unknown>;
  headers?: Record<string, string>;
};

/** Sends an entry as a script on the form's own page does. */
async function send(formId: string, provider: Provider, sent: Sent = {}) {
  const { token, person = makePerson(), fields = {}, bindings = {}, headers } = sent;
  const response = await callWith(bindings, `/f/${formId}`, {
    ip: '2001:db8:7::1',
    json: { ...person, ...(token === undefined ? {} : { [inputs[provider]]: token }), ...fields },
    headers: { Accept: 'application/json', Origin: site, ...headers },
  });
  return { response, answer: await response.json<Answer>() };
}

const tokenFor = (provider: Provider, more: Partial<TokenFacts> = {}) =>
  makeToken({ provider, hostname: 'www.acme.alt', ...more });

/** What the provider was asked about a token. */
async function askedAbout(token: string): Promise<{ fields: Record<string, string> }[]> {
  const url = `${inject('bindings')['CAPTCHA_URL']}/seen/${encodeURIComponent(token)}`;
  return (await fetch(url)).json();
}

async function keptOf(formId: string) {
  const rows = await rowsOf<{ verdict: string; reasons: string }>(
    operator,
    sql`SELECT verdict, reasons FROM submissions WHERE form_id = ${formId}`,
  );
  return rows.map(({ verdict, reasons }) => ({
    verdict,
    reasons: JSON.parse(reasons) as string[],
  }));
}

describe.for(providers)('a form with %s', (provider) => {
  it('takes an entry with a good token, once it has asked', async ({ expect }) => {
    const formId = await makeCaptchaForm(provider);
    const token = tokenFor(provider);
    const { response } = await send(formId, provider, { token });
    expect(response.status).toBe(200);
    expect(await keptOf(formId)).toMatchObject([{ verdict: 'accepted', reasons: [] }]);
    const [asked, ...more] = await askedAbout(token);
    expect(asked?.fields).toMatchObject({ response: token, remoteip: '2001:db8:7::1' });
    expect('idempotency_key' in (asked?.fields ?? {})).toBe(provider === 'turnstile');
    expect(more).toEqual([]);
  });

  it.for([
    ['none', undefined],
    ['an empty one', ''],
    ['one that nobody made', 'XXXX.DUMMY.TOKEN.XXXX'],
    ['one of another provider', makeToken({ provider: 'friendly', hostname: 'www.acme.alt' })],
    ['one that is too old', tokenFor(provider, { expired: true })],
    ['one of another site', tokenFor(provider, { hostname: 'www.evil.alt' })],
    ['one that is too long', `${tokenFor(provider)}${'A'.repeat(16_384)}`],
  ] as const)('refuses an entry with a bad token: %s', async ([, token], { expect }) => {
    const formId = await makeCaptchaForm(provider);
    const { response, answer } = await send(formId, provider, token === undefined ? {} : { token });
    expect(response.status).toBe(422);
    expect(answer.code).toBe('CAPTCHA_FAILED');
    expect(answer.errors).toMatchObject([{ field: inputs[provider], code: 'CAPTCHA_FAILED' }]);
    expect(await keptOf(formId)).toEqual([]);
  });

  it('takes a token of our own error page', async ({ expect }) => {
    const formId = await makeCaptchaForm(provider);
    const token = tokenFor(provider, { hostname: 'localhost' });
    expect((await send(formId, provider, { token })).response.status).toBe(200);
  });

  it('takes a token of any site where the form names none', async ({ expect }) => {
    const formId = await makeCaptchaForm(provider, {}, []);
    const token = tokenFor(provider, { hostname: 'anywhere.alt' });
    expect((await send(formId, provider, { token })).response.status).toBe(200);
  });

  it('takes a token for one entry, and the same entry again', async ({ expect }) => {
    const formId = await makeCaptchaForm(provider);
    const [token, person] = [tokenFor(provider), makePerson()];
    const click = () => send(formId, provider, { token, person });
    const [one, two] = await Promise.all([click(), click()]);
    expect([one.response.status, two.response.status]).toEqual([200, 200]);
    const other = await send(formId, provider, {
      token,
      person: { ...person, notes: 'Another one.' },
    });
    expect([other.response.status, other.answer.code]).toEqual([422, 'CAPTCHA_FAILED']);
    // Sent again when the seconds are over for which entries without a captcha are recognised.
    await runSql(sql`UPDATE idempotency_keys SET expires_at = 0
      WHERE sender = ${formId} AND expires_at < ${Date.now() + 60_000}`);
    const again = await click();
    expect([again.response.status, again.answer.id]).toEqual([200, one.answer.id]);
    expect(await countLeads(operator, formId)).toBe(1);
  });

  it('asks for another token where the lead of the entry has been deleted', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const formId = await makeCaptchaForm(provider);
    const [token, person] = [tokenFor(provider), makePerson()];
    await send(formId, provider, { token, person });
    const [lead] = await rowsOf<{ id: string }>(
      operator,
      sql`SELECT id FROM leads WHERE form_id = ${formId}`,
    );
    expect((await call(`/v1/leads/${lead?.id}`, { method: 'DELETE', key })).status).toBe(204);
    const again = await send(formId, provider, { token, person });
    expect([again.response.status, again.answer.code]).toEqual([422, 'CAPTCHA_FAILED']);
    const anew = await send(formId, provider, { token: tokenFor(provider), person });
    expect(anew.response.status).toBe(200);
    expect(await countLeads(operator, formId)).toBe(1);
  });

  it('waits for the first of two clicks, whose files are still being stored', async ({
    expect,
  }) => {
    const formId = await makeCaptchaForm(provider, {}, [site], {
      uploads: { kinds: ['image'], max_files: 1, max_bytes: 1_000_000 },
    });
    const slow = bucketWith({
      put: (async (...put: Parameters<typeof bucket.put>) => {
        await new Promise((resolve) => {
          setTimeout(resolve, 700);
        });
        return bucket.put(...put);
      }) as typeof bucket.put,
    });
    const { full_name, email } = makePerson();
    const parts = [
      textPart('name', full_name),
      textPart('email', email),
      textPart(inputs[provider], tokenFor(provider)),
      filePart('photo', 'a.png', makePng(8, 8)),
    ];
    const sent = asMultipart(parts);
    const headers = { ...sent.headers, Accept: 'application/json', Origin: site };
    const click = () => callWith({ FILES: slow }, `/f/${formId}`, { body: sent.body, headers });
    const answers = await Promise.all([click(), click()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await countLeads(operator, formId)).toBe(1);
  });

  it('leaves a token be until the rest of the entry can be kept', async ({ expect }) => {
    const formId = await makeCaptchaForm(provider);
    const token = tokenFor(provider);
    const mistaken = await send(formId, provider, { token, fields: { email: 'no address' } });
    expect(mistaken.response.status).toBe(422);
    expect(mistaken.answer.errors).toMatchObject([{ field: 'email' }]);
    expect(await askedAbout(token)).toEqual([]);
    expect((await send(formId, provider, { token })).response.status).toBe(200);
  });

  it('asks nobody about an entry that is flagged anyway', async ({ expect }) => {
    const formId = await makeCaptchaForm(provider);
    const token = tokenFor(provider);
    const { response } = await send(formId, provider, { token, fields: { _gotcha: 'x' } });
    expect(response.status).toBe(200);
    expect(await askedAbout(token)).toEqual([]);
    expect(await keptOf(formId)).toMatchObject([{ verdict: 'flagged', reasons: ['honeypot'] }]);
  });

  it.for(['once-drop', 'once-status', 'once-html', 'once-internal-error', 'once-hang'])(
    'asks a second time after %s',
    async (fault, { expect }) => {
      const formId = await makeCaptchaForm(provider, { on_outage: 'refuse' });
      const token = tokenFor(provider, { fault });
      expect((await send(formId, provider, { token })).response.status).toBe(200);
      const [first, second, ...more] = await askedAbout(token);
      expect(second).toEqual(first);
      expect(more).toEqual([]);
      expect(await keptOf(formId)).toMatchObject([{ verdict: 'accepted', reasons: [] }]);
    },
  );

  const outages: [fault: string, reason: RegExp][] = [
    ['drop', /Error$/],
    ['status', /^status_503$/],
    ['html', /^not_an_answer$/],
    ['internal-error', /^internal_error$/],
    ['hang', /^TimeoutError$/],
  ];

  it.for(outages)(
    'takes and marks an entry while it is away: %s',
    async ([fault, reason], { expect }) => {
      const formId = await makeCaptchaForm(provider);
      const startedAt = Date.now();
      const { response } = await send(formId, provider, { token: tokenFor(provider, { fault }) });
      expect(Date.now() - startedAt).toBeLessThan(2_900);
      expect(response.status).toBe(200);
      expect(await countLeads(operator, formId)).toBe(1);
      expect(await keptOf(formId)).toMatchObject([
        { verdict: 'accepted', reasons: ['captcha_unverified'] },
      ]);
      expect(loggedOfKind('fault')).toMatchObject([
        { fault: 'captcha_unavailable', names: [provider, expect.stringMatching(reason)] },
      ]);
    },
  );

  it('lets visitors wait while it is away, where the form says so', async ({ expect }) => {
    const formId = await makeCaptchaForm(provider, { on_outage: 'refuse' });
    const { response } = await send(formId, provider, {
      token: tokenFor(provider, { fault: 'status' }),
    });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await keptOf(formId)).toEqual([]);
  });

  it.for(['', 'a-secret-of-somebody-else-123'])(
    'takes our own mistake for an outage, not for a program: secret "%s"',
    async (secret, { expect }) => {
      const formId = await makeCaptchaForm(provider);
      const bindings = { [`${provider.toUpperCase()}_SECRET_KEY`]: secret };
      const { response } = await send(formId, provider, { token: tokenFor(provider), bindings });
      expect(response.status).toBe(200);
      expect(await keptOf(formId)).toMatchObject([{ reasons: ['captcha_unverified'] }]);
      const reason = secret === '' ? 'no_secret' : 'invalid-input-secret';
      expect(loggedOfKind('fault')).toMatchObject([
        { fault: 'captcha_unavailable', names: [provider, reason] },
      ]);
    },
  );

  it('can be made only where its tokens can be checked', async ({ expect }) => {
    const { key } = await makeSecretKey(['forms:read', 'forms:write']);
    const name = `${provider.toUpperCase()}_SECRET_KEY`;
    const captcha = { provider, site_key: 'site-key' };
    const json = { name: 'Contact', captcha };
    const refused = await callWith({ [name]: '' }, '/v1/forms', { key, json });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      code: 'validation_failed',
      errors: [{ field: 'captcha.provider', message: expect.stringContaining(name) }],
    });
    const made = await call('/v1/forms', { key, json });
    expect(made.status).toBe(201);
    const { id } = await made.json<{ id: string }>();
    const change = { key, method: 'PATCH', json: { captcha } };
    expect((await callWith({ [name]: '' }, `/v1/forms/${id}`, change)).status).toBe(422);
    const rename = { key, method: 'PATCH', json: { name: 'Other', captcha: null } };
    expect((await callWith({ [name]: '' }, `/v1/forms/${id}`, rename)).status).toBe(200);
  });
});

describe('a captcha', () => {
  it('of Turnstile is for what the form is for', async ({ expect }) => {
    const formId = await makeCaptchaForm('turnstile', { action: 'contact' });
    const status = async (more: Partial<TokenFacts>) =>
      (await send(formId, 'turnstile', { token: tokenFor('turnstile', more) })).response.status;
    expect(await status({ action: 'contact' })).toBe(200);
    expect(await status({ action: 'login' })).toBe(422);
    expect(await status({})).toBe(422);
  });

  it('of reCAPTCHA v3 is for what the form is for, of v2 for anything', async ({ expect }) => {
    const formId = await makeCaptchaForm('recaptcha', { action: 'contact' });
    const status = async (more: Partial<TokenFacts>) =>
      (await send(formId, 'recaptcha', { token: tokenFor('recaptcha', more) })).response.status;
    expect(await status({ score: 0.9, action: 'contact' })).toBe(200);
    expect(await status({ score: 0.9, action: 'login' })).toBe(422);
    expect(await status({})).toBe(200);
  });

  it('with a low score is spent, and what came with it is the same entry when it comes again', async ({
    expect,
  }) => {
    const formId = await makeCaptchaForm('recaptcha');
    const sent = { token: tokenFor('recaptcha', { score: 0.1 }), person: makePerson() };
    const first = await send(formId, 'recaptcha', sent);
    const again = await send(formId, 'recaptcha', sent);
    expect(again.response.status).toBe(200);
    expect(again.answer.id).toBe(first.answer.id);
    expect(await keptOf(formId)).toMatchObject([{ verdict: 'flagged' }]);
  });

  it('with a low score puts an entry into the spam folder, and says nothing', async ({
    expect,
  }) => {
    const formId = await makeCaptchaForm('recaptcha');
    for (const score of [0.5, 0.4]) {
      const token = tokenFor('recaptcha', { score, action: 'contact' });
      expect((await send(formId, 'recaptcha', { token })).response.status).toBe(200);
    }
    const kept = await keptOf(formId);
    expect(kept.map((entry) => entry.reasons)).toEqual([[], ['captcha_score']]);
    expect(await countLeads(operator, formId)).toBe(1);
  });

  it('that was not asked about, or not answered, may come again with something else', async ({
    expect,
  }) => {
    const formId = await makeCaptchaForm('turnstile', { on_outage: 'accept' });
    const token = tokenFor('turnstile', { fault: 'status' });
    const asked = async (notes: string, fields = {}) =>
      (await send(formId, 'turnstile', { token, person: { ...makePerson(), notes }, fields }))
        .response.status;
    expect(await asked('First words')).toBe(200);
    expect(await asked('Other words')).toBe(200);
    expect(await asked('Third words', { _gotcha: 'x' })).toBe(200);
    expect(await asked('Third words')).toBe(200);
    expect(await countLeads(operator, formId)).toBe(3);
  });

  it('whose answer was lost is no reason to refuse a person', async ({ expect }) => {
    const reasons: string[][] = [];
    for (const provider of providers) {
      const formId = await makeCaptchaForm(provider);
      const token = tokenFor(provider, { fault: 'once-lost-answer' });
      expect((await send(formId, provider, { token })).response.status).toBe(200);
      reasons.push(...(await keptOf(formId)).map((entry) => entry.reasons));
    }
    // Turnstile alone can be asked twice.
    expect(reasons).toEqual([[], ['captcha_unverified'], ['captcha_unverified']]);
  });

  it('knows the hosts that test keys come with, in development alone', async ({ expect }) => {
    const hosts = {
      turnstile: 'example.com',
      hcaptcha: 'dummy-key-pass',
      recaptcha: 'testkey.google.com',
    };
    for (const provider of providers) {
      const formId = await makeCaptchaForm(provider, { action: 'contact' });
      const token = () => tokenFor(provider, { hostname: hosts[provider] });
      expect((await send(formId, provider, { token: token() })).response.status).toBe(200);
      const other = makeToken({ provider, hostname: 'test.example.com' });
      expect((await send(formId, provider, { token: other })).response.status).toBe(422);
    }
  });

  it('is not gone around with the key of the form', async ({ expect }) => {
    const { key, formId } = await makeForm();
    const secret = await makeSecretKey();
    // Of other isolates a change is known within 10 s, here at once.
    const captcha = { provider: 'turnstile', site_key: 'site-key' };
    const path = `/v1/forms/${formId}`;
    await call(path, { key: secret.key, method: 'PATCH', json: { captcha } });
    for (const [where, json] of [
      ['/v1/leads', makePerson()],
      ['/v1/subscribers', { email: makePerson().email }],
    ] as const) {
      const answer = await call(where, { key, json });
      const { detail } = await expectProblem(expect, answer, 403, 'key_kind_not_allowed');
      expect(detail).toContain('captcha');
    }
    const lead = { ...makePerson(), form_id: formId };
    expect((await call('/v1/leads', { key: secret.key, json: lead })).status).toBe(201);
  });

  it('of hCaptcha belongs to the form’s own widget', async ({ expect }) => {
    const formId = await makeCaptchaForm('hcaptcha');
    const stranger = tokenFor('hcaptcha', { siteKey: 'another-site' });
    const { response, answer } = await send(formId, 'hcaptcha', { token: stranger });
    expect([response.status, answer.code]).toEqual([422, 'CAPTCHA_FAILED']);
    expect(await keptOf(formId)).toEqual([]);
  });

  it('is not spent on an entry whose Idempotency-Key cannot be kept', async ({ expect }) => {
    const formId = await makeCaptchaForm('turnstile');
    const token = tokenFor('turnstile');
    const sent = { token, headers: { 'Idempotency-Key': 'a b' } };
    expect((await send(formId, 'turnstile', sent)).response.status).toBe(422);
    expect(await askedAbout(token)).toEqual([]);
  });

  it('that failed is asked for again on our page, in words that a visitor reads', async ({
    expect,
  }) => {
    const formId = await makeCaptchaForm('turnstile');
    const response = await call(`/f/${formId}`, {
      method: 'POST',
      body: new URLSearchParams({ ...makePerson() }),
      headers: { Accept: 'text/html', Origin: site, 'Accept-Language': 'de' },
    });
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(page).toContain('Sind Sie ein Mensch?');
    expect(page).not.toMatch(/turnstile/i);
  });

  it('of Turnstile has at most 2048 characters', async ({ expect }) => {
    const formId = await makeCaptchaForm('turnstile');
    const token = 'x'.repeat(2_049);
    expect((await send(formId, 'turnstile', { token })).response.status).toBe(422);
    expect(await askedAbout(token)).toEqual([]);
  });
});

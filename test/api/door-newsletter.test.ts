import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { suppressions } from '../../drizzle/newsletter.ts';
import { keyedHash } from '../../src/lib/hashing.ts';
import type { NewForm } from '../../src/forms/contract.ts';
import { makeToken } from '../support/captcha-tokens.ts';
import { asJson, asMultipart, asUrlencoded, filePart, textPart } from '../support/form-bodies.ts';
import { call, makeSecretKey, operator, randomIp, type Call } from '../support/harness.ts';
import { mailsOnce, mailsTo } from '../support/mails.ts';
import { makePerson } from '../support/people.ts';
import { readPage } from '../support/read-page.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { actsOn, makeList, runSql } from './data.ts';
import { makeBusyForm, sendForm, type DoorAnswer } from './door.ts';
import { ask, leadsOf, read, review, sendEntry, sendSpam } from './submissions.ts';

const shop = 'https://shop.example';

/** A form for sign-ups to a list of its own. */
async function makeSignUpForm(settings: Partial<NewForm> = {}) {
  const listId = await makeList();
  const own = { kind: 'newsletter', list_id: listId, default_source: null } as const;
  return { listId, form: await makeBusyForm({ ...own, ...settings }) };
}

type Person = { full_name: string | null; language: string | null; state: string };

/** Who is on a list with an address, and in which state. */
const peopleOn = (listId: string, email: string) =>
  rowsOf<Person>(
    operator,
    sql`SELECT full_name, language, state FROM subscriptions JOIN subscribers ON id = subscriber_id
        WHERE list_id = ${listId} AND email = ${email}`,
  );

const ledgerOf = (listId: string) =>
  rowsOf<Record<string, unknown>>(
    operator,
    sql`SELECT action, actor, form_id, text, text_version AS version, page, user_agent, ip_network,
        ip_hash FROM consents WHERE list_id = ${listId} ORDER BY id`,
  );

const sentTo = (form: string) =>
  rowsOf<{ id: string; verdict: string }>(
    operator,
    sql`SELECT id, verdict FROM submissions WHERE form_id = ${form}`,
  );

describe('a form for sign-ups', () => {
  it.for(['JSON', 'urlencoded', 'multipart'])('takes %s', async (encoding, { expect }) => {
    const { listId, form } = await makeSignUpForm();
    await runSql(sql`UPDATE lists SET consent_text = 'The words of the list', consent_version = '3'
      WHERE id = ${listId}`);
    const { full_name, email, notes, phone_number } = makePerson();
    const entries: [string, string][] = [
      ['First Name', full_name],
      ['last_name', 'Łódź'],
      ['E-Mail', email],
      ['language', 'de-AT'],
      ['message', notes],
      ['tel', phone_number],
      ['consent', 'Words of a visitor'],
      ['list_id', 'list_newsletter'],
      ['page', 'https://shop.example/news'],
      ['_next', '/thanks'],
    ];
    const sent =
      encoding === 'JSON'
        ? asJson(Object.fromEntries(entries))
        : encoding === 'urlencoded'
          ? asUrlencoded(entries)
          : asMultipart(entries.map((entry) => textPart(...entry)));
    const headers = { ...sent.headers, 'User-Agent': 'Browser of a test' };
    const { status, answer } = await sendForm(`/f/${form}`, {
      ...{ ...sent, headers, ip: '203.0.113.9' },
    });
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      ...{ ok: true, message: expect.stringContaining('Postfach'), code: 200 },
      ...{ id: expect.stringMatching(/^sub_/), next: expect.stringContaining('lang=de') },
    });
    expect(await peopleOn(listId, email)).toEqual([
      { full_name: `${full_name} Łódź`, language: 'de', state: 'pending' },
    ]);
    expect(await ledgerOf(listId)).toEqual([
      {
        ...{ action: 'requested', actor: form, form_id: form, version: '3' },
        ...{ text: 'The words of the list', page: 'https://shop.example/news' },
        ...{ user_agent: 'Browser of a test', ip_network: '203.0.113.0/24' },
        ip_hash: expect.stringMatching(/^[\da-f]{64}$/),
      },
    ]);
    const [mail] = await mailsOnce(expect, email);
    expect(mail?.subject).toMatch(/^Bitte bestätigen: /);
    expect([await sentTo(form), await leadsOf(form)]).toEqual([[], []]);
  });

  it('asks for an address alone, takes no company for a name, and has it confirmed', async ({
    expect,
  }) => {
    const { listId, form } = await makeSignUpForm();
    await runSql(sql`UPDATE lists SET opt_in = 'single' WHERE id = ${listId}`);
    const [one, other] = [makePerson(), makePerson()];
    await sendEntry(form, { mail: one.email, company: 'Acme Ltd' }, { 'Accept-Language': 'fr' });
    await sendEntry(form, { email: other.email, name: 'Z' });
    expect(await peopleOn(listId, one.email)).toEqual([
      { full_name: null, language: 'fr', state: 'pending' },
    ]);
    expect(await peopleOn(listId, other.email)).toMatchObject([{ full_name: 'Z', language: 'en' }]);
  });

  it.for([
    ['nothing in it', { email: ' ', name: 'Ada' }, 'REQUIRED_FIELD_EMPTY'],
    ['none at all', { name: 'Ada' }, 'REQUIRED_FIELD_MISSING'],
    ['no address', { email: 'nobody', name: 'Ada' }, 'TYPE_EMAIL'],
  ] as const)('says what is wrong with %s', async ([, fields, code], { expect }) => {
    const { form } = await makeSignUpForm();
    const { status, answer } = await sendForm(`/f/${form}`, { json: fields });
    expect(status).toBe(422);
    expect(answer.errors).toEqual([
      { field: 'email', code, message: expect.stringMatching(/email address/) },
    ]);
  });

  it('takes no file', async ({ expect }) => {
    const { form } = await makeSignUpForm();
    const parts = [textPart('email', makePerson().email), filePart('f', 'a.png', 'x')];
    const { status, answer } = await sendForm(`/f/${form}`, asMultipart(parts));
    expect([status, answer.code]).toEqual([422, 'NO_FILE_UPLOADS']);
  });

  it('that is closed takes nobody', async ({ expect }) => {
    const { form, listId } = await makeSignUpForm({ active: false });
    const { email } = makePerson();
    const { status, answer } = await sendForm(`/f/${form}`, { json: { email } });
    expect([status, answer.code]).toEqual([403, 'INACTIVE']);
    expect(await peopleOn(listId, email)).toEqual([]);
  });

  it('thanks on its page with what is to be done', async ({ expect }) => {
    const { form } = await makeSignUpForm();
    const headers = { 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' };
    const entries: [string, string][] = [
      ['email', makePerson().email],
      ['_language', 'nl'],
    ];
    const sent = asUrlencoded(entries);
    const answer = await call(`/f/${form}`, {
      ...{ ...sent, method: 'POST', headers: { ...sent.headers, ...headers } },
    });
    expect(answer.status).toBe(303);
    const page = await readPage(
      await call(new URL(answer.headers.get('Location') ?? '').pathname + '?lang=nl'),
    );
    expect(page.text).toContain('Bijna klaar');
  });
});

/** What a visitor can tell of an answer, but for its request, its id and its moment. */
async function told(form: string, sent: Call) {
  const headers = { Accept: 'application/json', ...sent.headers };
  const response = await call(`/f/${form}`, { ...sent, method: 'POST', headers });
  const { id, submission, ...answer } = await response.json<
    DoorAnswer & { submission: Record<string, unknown> }
  >();
  const varying = /^(x-request-id|ratelimit|date$)/;
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !varying.test(name)),
    answer,
    members: Object.keys(submission),
    kind: String(id).slice(0, 4),
    length: String(id).length,
  };
}

describe('the answer to a sign-up', () => {
  it('is the same whoever it is about, and whatever comes of it', async ({ expect }) => {
    const { form, listId } = await makeSignUpForm();
    const [known, active, suppressed] = [makePerson(), makePerson(), makePerson()];
    for (const { email } of [known, active]) await sendEntry(form, { email });
    await runSql(sql`UPDATE subscriptions SET state = 'active' WHERE list_id = ${listId} AND
      subscriber_id = (SELECT id FROM subscribers WHERE email = ${active.email})`);
    const subjectHash = await keyedHash(operator.config.secrets[0], 'subject', suppressed.email);
    const row = { subjectHash, reason: 'blocked', actor: 'test', createdAt: Date.now() } as const;
    await operator.database.write((orm) => [orm.insert(suppressions).values(row)]);
    const fresh = await told(form, { json: { email: makePerson().email, again: 'x' } });
    for (const { email } of [known, active, suppressed]) {
      expect(await told(form, { json: { email, again: 'x' } })).toEqual(fresh);
    }
    const spam = { email: makePerson().email, again: 'x', _gotcha: 'x' };
    expect(await told(form, { json: spam })).toEqual(fresh);
    expect(await peopleOn(listId, suppressed.email)).toEqual([]);
    expect(await mailsTo(suppressed.email)).toEqual([]);
  });

  it('to a double click is the same one, and so is the mail', async ({ expect }) => {
    const { form, listId } = await makeSignUpForm();
    const { email } = makePerson();
    const ip = randomIp();
    const send = () => sendForm(`/f/${form}`, { json: { email }, ip });
    const [first, second] = await Promise.all([send(), send()]);
    const third = await send();
    expect([second.answer, third.answer]).toEqual([first.answer, first.answer]);
    await mailsOnce(expect, email);
    expect(await ledgerOf(listId)).toHaveLength(1);
  });

  it('tells nobody else that somebody has just signed up', async ({ expect }) => {
    const { form } = await makeSignUpForm();
    const { email } = makePerson();
    const send = () => sendForm(`/f/${form}`, { json: { email } });
    const [theirs, others] = [await send(), await send()];
    expect(others.answer.id).not.toBe(theirs.answer.id);
    expect(others.answer.id).toMatch(/^sub_/);
    await mailsOnce(expect, email);
  });

  it('is repeated for an Idempotency-Key, and only for what it came with', async ({ expect }) => {
    const { form } = await makeSignUpForm();
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const { email } = makePerson();
    const send = (json: object) => sendForm(`/f/${form}`, { json, headers });
    const first = await send({ email });
    await runSql(sql`UPDATE idempotency_keys SET expires_at = 0
      WHERE sender = ${form} AND idempotency_key LIKE 'same %'`);
    expect(await send({ email })).toEqual(first);
    expect((await send({ email: makePerson().email })).status).toBe(422);
  });
});

describe('spam at a form for sign-ups', () => {
  it('is kept, and signs nobody up until a person says that it is none', async ({ expect }) => {
    const { id: keyId, key } = await makeSecretKey();
    const { form, listId } = await makeSignUpForm();
    const { email, full_name: name } = makePerson();
    const headers = { Referer: 'https://shop.example/news?a=b', 'User-Agent': 'A browser' };
    const id = await sendSpam(form, { email, name, language: 'fr' }, headers);
    expect(await peopleOn(listId, email)).toEqual([]);
    expect(await read(key, id)).toMatchObject({ verdict: 'flagged', reasons: ['honeypot'] });

    const accepted = await review(expect, key, id, 'not-spam');
    expect(accepted).toMatchObject({ verdict: 'accepted', lead_id: null, reviewed_by: keyId });
    expect(await review(expect, key, id, 'not-spam')).toEqual(accepted);
    expect(await peopleOn(listId, email)).toEqual([
      { full_name: name, language: 'fr', state: 'pending' },
    ]);
    expect(await ledgerOf(listId)).toEqual([
      {
        ...{ action: 'requested', actor: keyId, form_id: form, text: null, version: null },
        ...{ page: 'https://shop.example/news', user_agent: 'A browser', ip_network: null },
        ip_hash: expect.stringMatching(/^[\da-f]{64}$/),
      },
    ]);
    const [mail] = await mailsOnce(expect, email);
    expect(mail?.subject).toMatch(/^Veuillez confirmer/);
    expect(await leadsOf(form)).toEqual([]);
    expect(await actsOn(id)).toHaveLength(1);

    await expectProblem(expect, await ask(key, id, 'spam'), 409, 'conflict');
    const removed = await call(`/v1/submissions/${id}`, { method: 'DELETE', key });
    expect(removed.status).toBe(204);
    expect(await peopleOn(listId, email)).toHaveLength(1);
  });

  it('signs up once, of several who say so', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { form, listId } = await makeSignUpForm();
    const { email } = makePerson();
    const id = await sendSpam(form, { email });
    await Promise.all([1, 2, 3].map(() => review(expect, key, id, 'not-spam')));
    expect(await ledgerOf(listId)).toHaveLength(1);
    expect(await actsOn(id)).toHaveLength(1);
  });

  it('that gives no address stays there', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { form } = await makeSignUpForm();
    const id = await sendSpam(form, { email: makePerson().email });
    await runSql(sql`UPDATE submissions SET payload = '{"Mail":"x"}' WHERE id = ${id}`);
    const refused = await refusedFields(expect, await ask(key, id, 'not-spam'));
    expect(refused).toEqual({ Mail: 'invalid_email' });
    expect(await read(key, id)).toMatchObject({ verdict: 'flagged' });
  });

  it('goes with its form: nothing would say that it is no lead', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { form } = await makeSignUpForm();
    const id = await sendSpam(form, { email: makePerson().email });
    expect(await read(key, id)).toMatchObject({ verdict: 'flagged' });
    expect((await call(`/v1/forms/${form}`, { method: 'DELETE', key })).status).toBe(204);
    await expectProblem(expect, await call(`/v1/submissions/${id}`, { key }), 404, 'not_found');
  });

  it.for([
    ['accept', 200, []],
    ['flag', 200, ['flagged']],
    ['refuse', 422, []],
  ] as const)(
    'goes by the policy on throw-away addresses: %s',
    async ([policy, status, kept], { expect }) => {
      const { form, listId } = await makeSignUpForm({ disposable_emails: policy });
      const email = `${makePerson().email.split('@')[0]}@mailinator.com`;
      const sent = await sendForm(`/f/${form}`, { json: { email } });
      expect(sent.status).toBe(status);
      expect((await sentTo(form)).map(({ verdict }) => verdict)).toEqual(kept);
      expect(await peopleOn(listId, email)).toHaveLength(policy === 'accept' ? 1 : 0);
    },
  );
});

describe('a captcha at a form for sign-ups', () => {
  it('is asked for, and takes who has solved it', async ({ expect }) => {
    const captcha = {
      ...({ provider: 'hcaptcha', on_outage: 'accept' } as const),
      ...{ site_key: 'site-key', action: null },
    };
    const { form, listId } = await makeSignUpForm({ captcha, allowed_origins: [shop] });
    const { email } = makePerson();
    const headers = { Origin: shop };
    const { status, answer } = await sendForm(`/f/${form}`, { json: { email }, headers });
    expect([status, answer.code]).toEqual([422, 'CAPTCHA_FAILED']);
    expect(await peopleOn(listId, email)).toEqual([]);
    const token = makeToken({ provider: 'hcaptcha', hostname: new URL(shop).hostname });
    const send = () =>
      sendForm(`/f/${form}`, { json: { email, 'h-captcha-response': token }, headers });
    const first = await send();
    expect(first.status).toBe(200);
    // The token is spent by now, and the entry is the same.
    expect(await send()).toEqual(first);
    expect(await peopleOn(listId, email)).toHaveLength(1);
  });
});

describe('a dry run of a sign-up', () => {
  it('says what would become of it, and does nothing', async ({ expect }) => {
    const { key } = await makeSecretKey(['leads:write']);
    const { form, listId } = await makeSignUpForm();
    const { email, full_name: name } = makePerson();
    const headers = { 'X-Inlet-Dry-Run': 'true' };
    const foretell = async (json: object) =>
      (await call(`/f/${form}`, { key, json, headers })).json();
    expect(await foretell({ email, name, phone: '1', language: 'it' })).toMatchObject({
      ...{ verdict: 'accepted', lead: null, errors: [], unmapped: ['phone'], notifications: 0 },
      sign_up: { email, full_name: name, list_id: listId, language: 'it' },
    });
    expect(await foretell({ email: 'x' })).toMatchObject({
      ...{ verdict: 'refused', sign_up: null },
      errors: [{ field: 'email', code: 'invalid_email' }],
    });
    const rows = [await peopleOn(listId, email), await ledgerOf(listId), await sentTo(form)];
    expect(rows).toEqual([[], [], []]);
  });
});

import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it, vi, type ExpectStatic } from 'vitest';
import type { InboxMail } from '../../dev/inbox.ts';
import type { Deps } from '../../src/deps.ts';
import { parseEnv } from '../../src/env.ts';
import { nowhere } from '../../src/newsletter/evidence.ts';
import { linkFor } from '../../src/newsletter/links.ts';
import { savePreferences } from '../../src/newsletter/preferences.ts';
import { sendConfirmations } from '../../src/newsletter/send-confirmations.ts';
import type { OutboxRow } from '../../src/outbox/statements.ts';
import { en } from '../../src/pages/messages/en.ts';
import { call, makeForm, makeSecretKey, operator, type Call } from '../support/harness.ts';
import { mailsOnce } from '../support/mails.ts';
import { makePerson } from '../support/people.ts';
import { inputsOf, readPage } from '../support/read-page.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { hashOf, makeList, readList, runSql, suppress } from './data.ts';

type SignUp = { email: string; listId: string; key: string; language?: string };

async function newSignUp(language?: string): Promise<SignUp> {
  const { key } = await makeForm();
  const { email } = makePerson();
  const listId = await makeList();
  return { email, listId, key, ...(language === undefined ? {} : { language }) };
}

async function signUp({ email, listId, key, language }: SignUp): Promise<void> {
  const json = { email, list_id: listId, language: language ?? null };
  const response = await call('/v1/subscribers', { key, json });
  if (response.status !== 202) throw new Error(`answered ${response.status}`);
}

/** The paths of every link in a mail, its headers too. */
function linksOf({ text, html, headers }: InboxMail): string[] {
  const all = [text, html, ...Object.values(headers)].join(' ');
  return [...new Set(all.match(/\/n\/[\w./-]+/g))];
}

const linkIn = (mail: InboxMail | undefined, kind: string) =>
  linksOf(mail as InboxMail).find((path) => path.startsWith(`/n/${kind}/`)) ?? '';

async function stateOf({ email, listId }: SignUp): Promise<string | undefined> {
  const [row] = await rowsOf<{ state: string }>(
    operator,
    sql`SELECT state FROM subscriptions JOIN subscribers ON id = subscriber_id
        WHERE email = ${email} AND list_id = ${listId}`,
  );
  return row?.state;
}

const ledgerOf = async ({ email, listId }: SignUp) =>
  rowsOf<Record<string, unknown>>(
    operator,
    sql`SELECT action, actor, consents.confirmation_id AS confirmation, ip_network, user_agent, subject_hash
        FROM consents JOIN subscribers ON subscribers.id = subscriber_id
        WHERE email = ${email} AND list_id = ${listId} ORDER BY consents.id`,
  );

const press = (path: string, body?: string) =>
  call(path, {
    method: 'POST',
    ip: '203.0.113.77',
    headers: {
      ...{ 'User-Agent': 'Browser of a test' },
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: body ?? '',
  });

const oneClick = 'List-Unsubscribe=One-Click';

describe('signing up to a list with double opt-in', () => {
  it('sends a mail whose button makes it active, with the evidence of both', async ({ expect }) => {
    const person = await newSignUp();
    await signUp(person);
    const [mail] = await mailsOnce(expect, person.email);
    expect(mail?.headers).toMatchObject({ 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' });
    const path = linkIn(mail, 'confirm');
    const shown = await readPage(await call(path));
    expect(shown.elements.filter(({ tag }) => tag === 'form')).toHaveLength(1);
    expect(await stateOf(person)).toBe('pending');
    expect((await press(path)).status).toBe(200);
    expect(await stateOf(person)).toBe('active');
    expect((await press(path)).status).toBe(200);
    expect(await ledgerOf(person)).toEqual([
      expect.objectContaining({ action: 'requested' }),
      {
        ...{ action: 'confirmed', actor: 'subscriber', ip_network: '203.0.113.0/24' },
        ...{ confirmation: expect.stringMatching(/^cnf_/), user_agent: 'Browser of a test' },
        subject_hash: expect.stringMatching(/^[\da-f]{64}$/),
      },
    ]);
  });

  it('is changed by no program that follows links, however often', async ({ expect }) => {
    const person = await newSignUp();
    await signUp(person);
    const [mail] = await mailsOnce(expect, person.email);
    const links = linksOf(mail as InboxMail);
    expect(links).toHaveLength(2);
    const walk = async () => {
      for (const path of [...links, ...links]) {
        for (const method of ['GET', 'HEAD', 'OPTIONS']) await call(path, { method });
      }
    };
    await walk();
    expect(await stateOf(person)).toBe('pending');
    await press(linkIn(mail, 'confirm'));
    await walk();
    expect(await stateOf(person)).toBe('active');
    expect(await ledgerOf(person)).toHaveLength(2);
  });

  it('cannot be used to bomb somebody with mail', async ({ expect }) => {
    const person = await newSignUp();
    for (let n = 0; n < 3; n += 1) await signUp(person);
    await mailsOnce(expect, person.email);
    for (let minute = 1; minute <= 4; minute += 1) {
      await runSql(sql`UPDATE confirmations SET created_at = created_at - 61000
        WHERE subscriber_id = (SELECT id FROM subscribers WHERE email = ${person.email})`);
      await signUp(person);
    }
    await mailsOnce(expect, person.email, 3);
  });

  it('writes in the language of the person, mails and pages', async ({ expect }) => {
    const person = await newSignUp('de-AT');
    await signUp(person);
    const [mail] = await mailsOnce(expect, person.email);
    expect(mail?.subject).toMatch(/^Bitte bestätigen: /);
    const page = await call(linkIn(mail, 'confirm'), { headers: { 'Accept-Language': 'fr' } });
    expect(page.headers.get('Content-Language')).toBe('de');
  });

  it('is over after three days, and the page says so', async ({ expect }) => {
    const person = await newSignUp();
    await signUp(person);
    const [mail] = await mailsOnce(expect, person.email);
    await runSql(
      sql`UPDATE confirmations SET expires_at = ${Date.now()} WHERE list_id = ${person.listId}`,
    );
    const page = await press(linkIn(mail, 'confirm'));
    expect(await page.text()).toContain('This link is over');
    expect(await stateOf(person)).toBe('pending');
  });

  it('does nothing for people who are not to be written to, and answers the same', async ({
    expect,
  }) => {
    const person = await newSignUp();
    await suppress(person.email, 'erased');
    await signUp(person);
    const found = await rowsOf(
      operator,
      sql`SELECT id FROM subscribers WHERE email = ${person.email}
          UNION ALL SELECT id FROM consents WHERE list_id = ${person.listId}
          UNION ALL SELECT id FROM confirmations WHERE list_id = ${person.listId}`,
    );
    expect(found).toEqual([]);
  });
});

/** Somebody who has confirmed, the mail by which, and the link by which they leave. */
async function join(expect: ExpectStatic) {
  const person = await newSignUp();
  await signUp(person);
  const [mail] = await mailsOnce(expect, person.email);
  await press(linkIn(mail, 'confirm'));
  const confirmed = await (await call(linkIn(mail, 'confirm'))).text();
  const [preferences = ''] = /\/n\/preferences\/[\w.]+/.exec(confirmed) ?? [];
  return { person, mail, leave: linkIn(mail, 'unsubscribe'), preferences };
}

/** Removes somebody, as an operator does. */
async function remove({ email }: SignUp) {
  const { key } = await makeSecretKey();
  const { data } = await readList<{ id: string }>('/v1/subscribers', key, { email });
  const removed = await call(`/v1/subscribers/${data[0]?.id}`, { method: 'DELETE', key });
  if (removed.status !== 204) throw new Error(`answered ${removed.status}`);
}

/** Imports somebody to their list. Returns the counts. */
async function bringBack({ email, listId: list_id }: SignUp): Promise<object> {
  const { key } = await makeSecretKey();
  const begun = await call('/v1/imports', { key, json: { list_id, consent: 'A file' } });
  const { id } = await begun.json<{ id: string }>();
  const rows = { from: 0, rows: [{ email }] };
  return (await call(`/v1/imports/${id}/rows`, { key, json: rows })).json<object>();
}

describe('leaving a list', () => {
  it('takes one click, whose answer is no redirect and sets no cookie', async ({ expect }) => {
    const { person, leave } = await join(expect);
    for (let n = 0; n < 2; n += 1) {
      const answer = await press(leave, oneClick);
      expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([200, null]);
    }
    expect(await stateOf(person)).toBe('unsubscribed');
    expect((await ledgerOf(person)).map(({ action }) => action)).toEqual([
      ...['requested', 'confirmed', 'unsubscribed'],
    ]);
  });

  it('is not undone by the link that one confirmed with, but by a new confirmation', async ({
    expect,
  }) => {
    const { person, mail, leave } = await join(expect);
    await press(leave, oneClick);
    await press(linkIn(mail, 'confirm'));
    expect(await stateOf(person)).toBe('unsubscribed');
    await runSql(sql`UPDATE confirmations SET created_at = 0 WHERE list_id = ${person.listId}`);
    await signUp(person);
    expect(await stateOf(person)).toBe('unsubscribed');
    const [newer] = await mailsOnce(expect, person.email, 2);
    await press(linkIn(newer, 'confirm'));
    expect(await stateOf(person)).toBe('active');
  });

  it('is for the list of the link alone, and nobody can make such a link', async ({ expect }) => {
    const { person, leave } = await join(expect);
    const other = { ...person, listId: await makeList() };
    await runSql(sql`UPDATE confirmations SET created_at = 0 WHERE list_id = ${person.listId}`);
    await signUp(other);
    for (const forged of [
      leave.replace(person.listId, other.listId),
      `${leave.slice(0, -1)}${leave.endsWith('0') ? '1' : '0'}`,
      leave.replace('unsubscribe', 'preferences'),
      '/n/unsubscribe/a',
      '/n/confirm/a',
    ]) {
      expect((await press(forged)).status).toBe(404);
    }
    expect(await stateOf(person)).toBe('active');
    expect(await stateOf(other)).toBe('pending');
  });

  it('is not undone by the button of another mail that was on its way', async ({ expect }) => {
    const person = await newSignUp();
    await signUp(person);
    await runSql(sql`UPDATE confirmations SET created_at = 0 WHERE list_id = ${person.listId}`);
    await signUp(person);
    const [second, first] = await mailsOnce(expect, person.email, 2);
    await press(linkIn(second, 'confirm'));
    await press(linkIn(second, 'unsubscribe'), oneClick);
    await press(linkIn(first, 'confirm'));
    expect(await stateOf(person)).toBe('unsubscribed');
  });

  it('is refused before it has begun, by the mail that asks', async ({ expect }) => {
    const person = await newSignUp();
    await signUp(person);
    const [mail] = await mailsOnce(expect, person.email);
    await press(linkIn(mail, 'unsubscribe'), oneClick);
    await press(linkIn(mail, 'confirm'));
    expect(await stateOf(person)).toBe('unsubscribed');
  });

  it('does not open the way to the other lists of a person', async ({ expect }) => {
    const { leave } = await join(expect);
    for (const page of [await call(leave), await press(leave, oneClick)]) {
      expect(await page.text()).not.toContain('/n/preferences/');
    }
  });

  it('is kept when the subscriber is gone, and only they can take it back', async ({ expect }) => {
    const { person, leave } = await join(expect);
    await press(leave, oneClick);
    const kept = () =>
      rowsOf(operator, sql`SELECT reason FROM suppressions WHERE list_id = ${person.listId}`);
    await runSql(sql`DELETE FROM subscribers WHERE email = ${person.email}`);
    expect(await kept()).toEqual([{ reason: 'unsubscribed' }]);
    await signUp(person);
    const [newer] = await mailsOnce(expect, person.email, 2);
    await press(linkIn(newer, 'confirm'));
    expect(await kept()).toEqual([]);
  });

  it('is kept where an operator has lifted it, by the same link again', async ({ expect }) => {
    const { person, leave } = await join(expect);
    const { key } = await makeSecretKey();
    const query = { email: person.email, list_id: person.listId, reason: 'unsubscribed' };
    await press(leave, oneClick);
    const lifted = `/v1/suppressions?${new URLSearchParams(query)}`;
    expect((await call(lifted, { method: 'DELETE', key })).status).toBe(204);
    for (let n = 0; n < 2; n += 1) {
      expect((await press(leave, oneClick)).status).toBe(200);
      expect((await ledgerOf(person)).map(({ action }) => action)).toEqual([
        ...['requested', 'confirmed', 'unsubscribed', 'unsubscribed'],
      ]);
    }
    await remove(person);
    expect(await bringBack(person)).toMatchObject({ added: 0, suppressed: 1 });
  });

  it('works by an old link when the subscriber is gone: nobody brings them back', async ({
    expect,
  }) => {
    const { person, leave, preferences } = await join(expect);
    await remove(person);
    const asked = await readPage(await call(leave));
    expect(asked.elements.filter(({ tag }) => tag === 'form')).toHaveLength(1);
    expect(asked.text).toContain('List of a test');
    for (let n = 0; n < 2; n += 1) {
      const left = await press(leave, oneClick);
      expect(left.status).toBe(200);
      expect(await left.text()).toContain('List of a test');
    }
    expect((await press(preferences, choice([], []))).status).toBe(404);
    const evidence = sql`SELECT subscriber_id, ip_network, user_agent FROM consents
      WHERE list_id = ${person.listId} AND action = 'unsubscribed'`;
    expect(await rowsOf(operator, evidence)).toEqual([
      { subscriber_id: null, ip_network: null, user_agent: null },
    ]);
    expect(await bringBack(person)).toMatchObject({ added: 0, suppressed: 1 });
  });

  it('works by an old link for who was deleted, and brought back', async ({ expect }) => {
    const { person, leave } = await join(expect);
    await remove(person);
    expect(await bringBack(person)).toMatchObject({ added: 1 });
    expect(await (await call(leave)).text()).toContain(person.email);
    expect((await press(leave, oneClick)).status).toBe(200);
    expect(await stateOf(person)).toBe('unsubscribed');
    expect(await ledgerOf(person)).toMatchObject([
      { action: 'imported' },
      { action: 'unsubscribed', ip_network: '203.0.113.0/24' },
    ]);
  });

  it('works by a link whose list is gone', async ({ expect }) => {
    const person = hashOf(makePerson().email);
    const link = await linkFor(operator.config, 'unsubscribe', {
      person: await person,
      listId: 'list_gone',
    });
    const { pathname } = new URL(link);
    for (const answer of [await call(pathname), await press(pathname, oneClick)]) {
      expect(answer.status).toBe(200);
    }
    const kept = sql`SELECT reason FROM suppressions WHERE subject_hash = ${await person}`;
    expect(await rowsOf(operator, kept)).toEqual([{ reason: 'unsubscribed' }]);
  });

  it('by a complaint is lifted by nothing', async ({ expect }) => {
    const { person, preferences } = await join(expect);
    await runSql(
      sql`UPDATE subscriptions SET state = 'complained' WHERE list_id = ${person.listId}`,
    );
    await runSql(sql`UPDATE confirmations SET created_at = 0 WHERE list_id = ${person.listId}`);
    await signUp(person);
    await press(preferences, choice([person.listId], [person.listId]));
    expect(await stateOf(person)).toBe('complained');
    await mailsOnce(expect, person.email);
  });
});

/** What the form of the preferences sends. */
function choice(shown: string[], wanted: string[]): string {
  const fields = [...shown.map((id) => ['shown', id]), ...wanted.map((id) => ['list', id])];
  return new URLSearchParams(fields as [string, string][]).toString();
}

describe('the preferences of a person', () => {
  it('leave and join what was shown, and nothing else', async ({ expect }) => {
    const { person, preferences } = await join(expect);
    const list = person.listId;
    const page = await readPage(await call(preferences));
    expect(inputsOf(page)).toContainEqual(['shown', list]);
    await press(preferences, choice([], []));
    expect(await stateOf(person)).toBe('active');
    await press(preferences, choice([list], []));
    expect(await stateOf(person)).toBe('unsubscribed');
    await press(preferences, choice([list], [list]));
    expect(await stateOf(person)).toBe('active');
    expect((await ledgerOf(person)).map(({ action }) => action)).toEqual([
      ...['requested', 'confirmed', 'unsubscribed', 'confirmed'],
    ]);
  });

  it('are not changed by what nobody can read', async ({ expect }) => {
    const { person, preferences } = await join(expect);
    const form = new FormData();
    form.append('shown', person.listId);
    const broken: Call[] = [
      { body: form },
      { json: { shown: person.listId } },
      {
        body: `shown=${person.listId}&list=%E0%A4%A`,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      },
    ];
    for (const sent of broken) {
      const answer = await call(preferences, { ...sent, method: 'POST' });
      await expectProblem(expect, answer, 400, 'unreadable_body');
    }
    expect(await stateOf(person)).toBe('active');
  });

  it('of somebody who is deleted meanwhile are not saved', async ({ expect }) => {
    const { person, preferences } = await join(expect);
    const other = await makeList();
    const database = {
      ...operator.database,
      write: async (...batch: Parameters<typeof operator.database.write>) => {
        await remove(person);
        return operator.database.write(...batch);
      },
    };
    const deps = { ...operator, config: parseEnv(env), database };
    const token = preferences.split('/').at(-1) ?? '';
    const wanted = { shown: [person.listId, other], wanted: [other] };
    await savePreferences(deps, token, wanted, nowhere);
    const added = sql`SELECT action, subscriber_id FROM consents WHERE list_id = ${other}`;
    expect(await rowsOf(operator, added)).toEqual([]);
    expect(await bringBack(person)).toMatchObject({ suppressed: 1 });
  });

  it('join nothing for people who are not to be written to', async ({ expect }) => {
    const { person, preferences, leave } = await join(expect);
    await press(leave, oneClick);
    await suppress(person.email, 'erased');
    await press(preferences, choice([person.listId], [person.listId]));
    expect(await stateOf(person)).toBe('unsubscribed');
  });
});

describe('people who are not to be written to', () => {
  it('are not confirmed, and get no mail that was on its way', async ({ expect }) => {
    const person = await newSignUp();
    await signUp(person);
    const [mail] = await mailsOnce(expect, person.email);
    await suppress(person.email, 'erased');
    await press(linkIn(mail, 'confirm'));
    expect(await stateOf(person)).toBe('pending');
    await runSql(sql`UPDATE outbox SET state = 'pending', ended_at = NULL, due_at = 0
      WHERE topic = 'confirmation' AND resource_id IN
        (SELECT id FROM confirmations WHERE list_id = ${person.listId})`);
    await signUp({ ...(await newSignUp()), listId: person.listId });
    await vi.waitFor(async () => {
      const rows = await rowsOf(
        operator,
        sql`SELECT state FROM outbox WHERE state = 'pending' AND resource_id IN
          (SELECT id FROM confirmations WHERE list_id = ${person.listId})`,
      );
      expect(rows).toEqual([]);
    });
    await mailsOnce(expect, person.email);
  });

  it('are not told apart from others by a list that is none', async ({ expect }) => {
    const [known, suppressed] = [await newSignUp(), await newSignUp()];
    await suppress(suppressed.email, 'erased');
    for (const { email, key } of [known, suppressed]) {
      const json = { email, list_id: 'list_of_nobody' };
      const answer = await call('/v1/subscribers', { key, json });
      expect(await refusedFields(expect, answer)).toEqual({ list_id: 'not_found' });
    }
  });
});

describe('the key of a form', () => {
  it('signs nobody up to private lists, nor to any at once', async ({ expect }) => {
    const person = await newSignUp();
    await runSql(sql`UPDATE lists SET opt_in = 'single' WHERE id = ${person.listId}`);
    await signUp(person);
    expect(await stateOf(person)).toBe('pending');
    await runSql(sql`UPDATE lists SET visibility = 'private' WHERE id = ${person.listId}`);
    const { email, key, listId: list_id } = person;
    const answer = await call('/v1/subscribers', { key, json: { email, list_id } });
    expect(await refusedFields(expect, answer)).toEqual({ list_id: 'not_found' });
    const { key: secret } = await makeSecretKey();
    const other = makePerson().email;
    const sent = await call('/v1/subscribers', { key: secret, json: { email: other, list_id } });
    expect(sent.status).toBe(202);
    expect(await stateOf({ ...person, email: other })).toBe('active');
  });

  it('adds to the ledger only what came to something, with the words of the list', async ({
    expect,
  }) => {
    const person = await newSignUp();
    await runSql(sql`UPDATE lists SET consent_text = 'Our words', consent_version = '3'
      WHERE id = ${person.listId}`);
    for (let n = 0; n < 4; n += 1) await signUp(person);
    const rows = await rowsOf(
      operator,
      sql`SELECT text, text_version AS version,
          EXISTS (SELECT 1 FROM confirmations WHERE id = confirmation_id) AS confirmed
          FROM consents WHERE list_id = ${person.listId}`,
    );
    expect(rows).toEqual([{ text: 'Our words', version: '3', confirmed: 1 }]);
  });
});

describe('a confirmation mail', () => {
  it('costs no read of its own: a batch has two for all', async ({ expect }) => {
    const people = await Promise.all([1, 2, 3].map(() => newSignUp()));
    for (const person of people) await signUp(person);
    const lists = JSON.stringify(people.map(({ listId }) => listId));
    const rows = await rowsOf<OutboxRow>(
      operator,
      sql`SELECT id, resource_id AS resourceId, NULL AS lastError FROM outbox WHERE resource_id IN
        (SELECT id FROM confirmations WHERE list_id IN (SELECT value FROM json_each(${lists})))`,
    );
    const read = vi.fn<typeof operator.database.read>(operator.database.read);
    const send = vi.fn(() => Promise.resolve({ kind: 'done' as const }));
    const count = vi.fn(() => Promise.resolve([]));
    const deps = {
      ...operator,
      config: parseEnv(env),
      database: { ...operator.database, read },
      mailer: { send },
      limiter: { count },
      translations: { read: () => Promise.resolve({ language: 'en', messages: en }) },
    };
    await sendConfirmations(deps as unknown as Deps, rows);
    expect([rows.length, send.mock.calls.length, read.mock.calls.length]).toEqual([3, 3, 2]);
    expect(count).toHaveBeenCalledOnce();
  });

  it('says the name of a list as it is', async ({ expect }) => {
    const person = await newSignUp();
    await runSql(sql`UPDATE lists SET name = ${"$& $' {email} <b>"} WHERE id = ${person.listId}`);
    await signUp(person);
    const [mail] = await mailsOnce(expect, person.email);
    expect(mail?.subject).toBe("Please confirm: $& $' {email} <b>");
    expect(mail?.html).toContain('{email} &lt;b&gt; to be sent');
  });
});

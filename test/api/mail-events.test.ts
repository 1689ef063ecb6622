import { sql } from 'drizzle-orm';
import { Webhook } from 'standardwebhooks';
import { describe, inject, it, type ExpectStatic } from 'vitest';
import { keyedHash } from '../../src/lib/hashing.ts';
import { minuteMs } from '../../src/lib/units.ts';
import {
  call,
  callWith,
  makeBareForm,
  makeForm,
  makeSecretKey,
  operator,
  randomIp,
} from '../support/harness.ts';
import { mailsOnce } from '../support/mails.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { expectProblem } from './answers.ts';
import { makeList, readList, runSql } from './data.ts';

const path = '/in/mail/resend';
const secret = inject('bindings')['RESEND_WEBHOOK_SECRET'] ?? '';

/** What an event is about, as https://resend.com/docs/webhooks/emails/bounced and its neighbours show it. */
const aboutMail = (to: string[]) => ({
  ...{ broadcast_id: '8b146471-e88e-4322-86af-016cd36fd216' },
  ...{ created_at: '2026-11-22T23:41:11.894719+00:00' },
  ...{ email_id: '56761188-7520-42d8-8898-ff6fc54ce618' },
  ...{ from: 'Acme <onboarding@resend.dev>', to, subject: 'Sending this example' },
  ...{ template_id: '43f68331-0622-4e15-8202-246a0388854b', tags: { category: 'confirm_email' } },
});
const event = (type: string, to: string[], more: object = {}) => ({
  ...{ type, created_at: '2026-11-22T23:41:12.126Z' },
  data: { ...aboutMail(to), ...more },
});
const bounce = (to: string, type = 'Permanent', subType = 'Suppressed') =>
  event('email.bounced', [to], {
    bounce: {
      diagnosticCode: ['smtp; 550 5.5.0 Requested action not taken: mailbox unavailable'],
      message: "The recipient's email address is on the suppression list.",
      ...{ subType, type },
    },
  });
const complaint = (to: string) => event('email.complained', [to]);

type Sending = { id?: string; at?: number; by?: string; prefix?: string; ip?: string };

/** The parts of a request that Resend would make. */
function signed(content: unknown, { id = `msg_${randomWord()}`, ...more }: Sending = {}) {
  const { at = Date.now(), by = secret, prefix = 'svix' } = more;
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const headers = {
    'Content-Type': 'application/json',
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: String(Math.floor(at / 1_000)),
    [`${prefix}-signature`]: new Webhook(by).sign(id, new Date(at), body),
  };
  return { method: 'POST', body, headers, ip: more.ip ?? randomIp() };
}

const tell = (content: unknown, how?: Sending) => call(path, signed(content, how));

async function expectOutcome(expect: ExpectStatic, answer: Response, outcome: string) {
  expect([answer.status, await answer.json()]).toEqual([200, { outcome }]);
}

/** Somebody on lists, in these states. */
async function join(...states: string[]) {
  const { key } = await makeForm();
  const { email } = makePerson();
  for (const state of states) {
    const listId = await makeList();
    const answer = await call('/v1/subscribers', { key, json: { email, list_id: listId } });
    if (answer.status !== 202) throw new Error(`answered ${answer.status}`);
    await runSql(sql`UPDATE subscriptions SET state = ${state} WHERE list_id = ${listId}`);
  }
  return { email, key };
}

const statesOf = async (email: string) =>
  (
    await rowsOf<{ state: string }>(
      operator,
      sql`SELECT state FROM subscriptions JOIN subscribers ON id = subscriber_id
          WHERE email = ${email} ORDER BY list_id`,
    )
  ).map(({ state }) => state);

const hashOf = (email: string) => keyedHash(operator.config.secrets[0], 'subject', email);

async function ledgerOf(email: string) {
  const hash = await hashOf(email);
  return rowsOf(
    operator,
    sql`SELECT action, actor, subject_hash = ${hash} AS known
        FROM consents JOIN subscribers ON subscribers.id = subscriber_id
        WHERE email = ${email} AND action <> 'requested' ORDER BY list_id`,
  );
}

async function suppressionsOf(email: string) {
  const hash = await hashOf(email);
  return rowsOf(
    operator,
    sql`SELECT list_id, reason, actor FROM suppressions WHERE subject_hash = ${hash} ORDER BY reason`,
  );
}

const suppressed = (reason: string) => ({ list_id: '', reason, actor: 'mail:resend' });
const noted = (action: string) => ({ action, actor: 'mail:resend', known: 1 });

describe('what Resend tells of a mail', () => {
  it('ends the subscriptions of a person whose address does not work', async ({ expect }) => {
    const { email, key } = await join('pending', 'active', 'unsubscribed', 'complained');
    await expectOutcome(expect, await tell(bounce(email)), 'noted');
    expect(await statesOf(email)).toEqual(['bounced', 'bounced', 'unsubscribed', 'complained']);
    expect(await ledgerOf(email)).toEqual([noted('bounced'), noted('bounced')]);
    expect(await suppressionsOf(email)).toEqual([suppressed('bounced')]);
    // Nor does a sign-up write to them again.
    await runSql(sql`UPDATE confirmations SET created_at = 0
      WHERE subscriber_id = (SELECT id FROM subscribers WHERE email = ${email})`);
    const listId = await makeList();
    await call('/v1/subscribers', { key, json: { email, list_id: listId } });
    const asked = sql`SELECT id FROM confirmations WHERE list_id = ${listId}`;
    expect(await rowsOf(operator, asked)).toEqual([]);
  });

  it('leaves a ledger that comes in pages', async ({ expect }) => {
    const { email } = await join('active', 'active');
    await tell(bounce(email));
    const { key } = await makeSecretKey();
    const { data } = await readList<{ id: string }>('/v1/subscribers', key, { email });
    const path = `/v1/subscribers/${data[0]?.id}/consents`;
    const actions: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: Record<string, string> = cursor === '' ? { limit: '1' } : { limit: '1', cursor };
      const { data: rows, page } = await readList<{ action: string }>(path, key, query);
      actions.push(...rows.map(({ action }) => action));
      cursor = page.next_cursor;
    }
    expect(actions.toSorted()).toEqual(['bounced', 'bounced', 'requested', 'requested']);
  });

  it('ends those of a person who complains, also where mails have bounced', async ({ expect }) => {
    const { email } = await join('active', 'pending', 'bounced', 'unsubscribed');
    await expectOutcome(expect, await tell(complaint(email)), 'noted');
    expect(await statesOf(email)).toEqual([
      ...['complained', 'complained', 'complained', 'unsubscribed'],
    ]);
    expect(await ledgerOf(email)).toEqual(Array(3).fill(noted('complained')));
    expect(await suppressionsOf(email)).toEqual([suppressed('complained')]);
  });

  it('may be that it has not even tried', async ({ expect }) => {
    const { email } = await join('active');
    const more = { suppressed: { message: 'On the list', type: 'OnAccountSuppressionList' } };
    const told = await tell(event('email.suppressed', [email], more));
    await expectOutcome(expect, told, 'noted');
    expect([await statesOf(email), await suppressionsOf(email)]).toEqual([
      ...[['bounced'], [suppressed('bounced')]],
    ]);
  });

  it.for([
    ['a full mailbox', (to: string) => bounce(to, 'Transient', 'MailboxFull')],
    ['what nobody knows', (to: string) => bounce(to, 'Undetermined', 'Undetermined')],
    ['a delay', (to: string) => event('email.delivery_delayed', [to])],
    ['a failure of ours', (to: string) => event('email.failed', [to])],
    ['an arrival', (to: string) => event('email.delivered', [to])],
    ['what it may tell one day', (to: string) => event('email.wondered_about', [to])],
    ['something else', (to: string) => ({ type: 'contact.created', data: { email: to } })],
    ['several people', (to: string) => event('email.complained', [to, `other.${to}`])],
    ['nobody', () => event('email.complained', [])],
    ['no address', () => event('email.complained', ['somebody'])],
  ] as const)('changes nothing where it is about %s', async ([, make], { expect }) => {
    const { email } = await join('active');
    await expectOutcome(expect, await tell(make(email)), 'ignored');
    expect([await statesOf(email), await suppressionsOf(email)]).toEqual([['active'], []]);
  });

  it('is kept of people who are no subscribers, whatever their address is written like', async ({
    expect,
  }) => {
    const { email } = makePerson();
    const written = `Zora <${email.toUpperCase()}>`;
    await expectOutcome(expect, await tell(complaint(written)), 'noted');
    expect(await suppressionsOf(email)).toEqual([suppressed('complained')]);
  });

  it('changes nothing when it comes again, even after an operator has taken it back', async ({
    expect,
  }) => {
    const { email } = await join('active');
    const id = `msg_${randomWord()}`;
    for (let n = 0; n < 2; n += 1) {
      await expectOutcome(expect, await tell(bounce(email), { id }), 'noted');
    }
    expect(await ledgerOf(email)).toHaveLength(1);
    const hash = await hashOf(email);
    const acts = sql`SELECT action, actor, detail FROM audit_log WHERE target_id = ${hash}`;
    expect(await rowsOf(operator, acts)).toEqual([
      { action: 'suppression.added', actor: 'mail:resend', detail: '{"reason":"bounced"}' },
    ]);
    await runSql(sql`DELETE FROM suppressions WHERE subject_hash = ${hash}`);
    await runSql(sql`UPDATE subscriptions SET state = 'active'
      WHERE subscriber_id = (SELECT id FROM subscribers WHERE email = ${email})`);
    await tell(bounce(email), { id });
    expect([await statesOf(email), await suppressionsOf(email)]).toEqual([['active'], []]);
    await tell(bounce(email));
    expect(await statesOf(email)).toEqual(['bounced']);
  });

  it('keeps no notification from those who run a form', async ({ expect }) => {
    const { email } = makePerson();
    await tell(bounce(email));
    const formId = await makeBareForm({ notify_emails: [email] });
    const body = new URLSearchParams({ email: makePerson().email });
    await call(`/f/${formId}`, { body, headers: { Accept: 'application/json' } });
    await mailsOnce(expect, email);
  });
});

describe('the door for events of mails', () => {
  it('takes both names of the headers, and several signatures', async ({ expect }) => {
    const { email } = makePerson();
    const told = await tell(bounce(email), { prefix: 'webhook' });
    await expectOutcome(expect, told, 'noted');
    const one = signed(bounce(email));
    const older = new Webhook(`whsec_${btoa('x'.repeat(24))}`).sign('a', new Date(), 'b');
    const signature = `${older} ${one.headers['svix-signature']}`;
    const rotated = { ...one, headers: { ...one.headers, 'svix-signature': signature } };
    await expectOutcome(expect, await call(path, rotated), 'noted');
  });

  const forged: [name: string, reason: string, make: (email: string) => object][] = [
    ['nothing to sign it', 'unsigned', () => ({ headers: {} })],
    ['another body', 'wrong_signature', (to) => ({ body: JSON.stringify(complaint(to)) })],
    [
      'another secret',
      'wrong_signature',
      (to) => signed(bounce(to), { by: `whsec_${btoa('x'.repeat(24))}` }),
    ],
    ['an old timestamp', 'stale', (to) => signed(bounce(to), { at: Date.now() - 6 * minuteMs })],
    ['a timestamp to come', 'stale', (to) => signed(bounce(to), { at: Date.now() + 6 * minuteMs })],
  ];
  for (const [name, reason, make] of forged) {
    it(`refuses ${name}, and keeps nothing of it`, async ({ expect }) => {
      const { email } = makePerson();
      const answer = await call(path, { ...signed(bounce(email)), ...make(email) });
      await expectProblem(expect, answer, 401, 'invalid_signature');
      expect(loggedOfKind('security')).toMatchObject([
        { event: 'signature_refused', reason, route: path },
      ]);
      expect(await suppressionsOf(email)).toEqual([]);
    });
  }

  it('counts what it refuses, by where it came from', async ({ expect }) => {
    const ip = randomIp();
    const perDay = { LIMIT_AUTH_FAILURES: '2/1d' };
    const forge = () => callWith(perDay, path, { ...signed('{}', { ip }), headers: {} });
    for (let n = 0; n < 2; n += 1)
      await expectProblem(expect, await forge(), 401, 'invalid_signature');
    await expectProblem(expect, await forge(), 429, 'rate_limited');
    const { email } = makePerson();
    await expectOutcome(
      expect,
      await callWith(perDay, path, signed(bounce(email), { ip })),
      'noted',
    );
  });

  it.for([
    ['no JSON', 'type=email.bounced', 400, 'unreadable_body'],
    ['too much', JSON.stringify({ type: 'a'.repeat(256 * 1024) }), 413, 'body_too_large'],
    ['no event', '[]', 422, 'validation_failed'],
    ['nothing', 'null', 422, 'validation_failed'],
    ['a bounce of nobody', '{"type":"email.bounced","data":{}}', 422, 'validation_failed'],
    [
      'a complaint of no list',
      '{"type":"email.complained","data":{"to":5}}',
      422,
      'validation_failed',
    ],
  ] as const)(
    'says what is wrong with %s that is signed',
    async ([, body, status, code], { expect }) => {
      await expectProblem(expect, await tell(body), status, code);
    },
  );

  it('is shut where no secret is set', async ({ expect }) => {
    const answer = await callWith({ RESEND_WEBHOOK_SECRET: '' }, path, signed('{}'));
    const problem = await expectProblem(expect, answer, 404, 'not_found');
    expect(problem.detail).toContain('RESEND_WEBHOOK_SECRET');
  });
});

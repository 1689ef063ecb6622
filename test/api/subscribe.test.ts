import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { sha256 } from '../../src/lib/hashing.ts';
import { call, makeForm, makeSecretKey, operator, randomIp } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectSecurityHeaders, refusedFields } from './answers.ts';
import { makeList, runSql } from './data.ts';

type Subscription = { state: string; created_at: number; updated_at: number };

const subscriptionsOf = (email: string, listId: string) =>
  rowsOf<Subscription>(
    operator,
    sql`SELECT state, subscriptions.created_at, subscriptions.updated_at FROM subscriptions
      JOIN subscribers ON id = subscriber_id WHERE email = ${email} AND list_id = ${listId}`,
  );

const consentsOf = (email: string) =>
  rowsOf<Record<string, unknown>>(
    operator,
    sql`SELECT consents.* FROM consents
      JOIN subscribers ON subscribers.id = subscriber_id WHERE email = ${email} ORDER BY at`,
  );

describe('POST /v1/subscribers', () => {
  it('gives the same answer for an address that is new, known or unsubscribed', async ({
    expect,
  }) => {
    const { key } = await makeForm();
    const list_id = await makeList();
    const [known, left, fresh] = [makePerson(), makePerson(), makePerson()];
    for (const { email } of [known, left])
      await call('/v1/subscribers', { key, json: { email, list_id } });
    await runSql(sql`UPDATE subscriptions SET state = 'unsubscribed' WHERE list_id = ${list_id}
      AND subscriber_id = (SELECT id FROM subscribers WHERE email = ${left.email})`);

    for (const { email } of [fresh, known, left]) {
      const response = await call('/v1/subscribers', { key, json: { email, list_id } });
      expect(response.status).toBe(202);
      expect(await response.text()).toBe('{"status":"pending"}');
      expect(response.headers.get('Location')).toBeNull();
      expectSecurityHeaders(expect, response);
    }
  });

  it('stores a pending subscription with the evidence of consent', async ({ expect }) => {
    const { id: keyId, formId, key } = await makeForm();
    const { email, full_name } = makePerson();
    const [list_id, startedAt] = [await makeList(), Date.now()];
    const consent = { text: 'Send me news.', version: '2026-11', page: 'https://shop.example/' };
    const headers = { 'User-Agent': 'Browser of a test' };
    const json = { email, full_name, list_id, consent };
    await call('/v1/subscribers', { key, json, headers, ip: '203.0.113.9' });

    const [subscription] = await subscriptionsOf(email, list_id);
    expect(subscription).toMatchObject({ state: 'pending' });
    expect(await consentsOf(email)).toEqual([
      {
        id: expect.stringMatching(/^cns_/),
        subscriber_id: expect.stringMatching(/^sbr_/),
        list_id,
        action: 'requested',
        text: consent.text,
        text_version: consent.version,
        page: consent.page,
        ip_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        user_agent: 'Browser of a test',
        form_id: formId,
        actor: keyId,
        at: subscription?.created_at,
        ip_network: '203.0.113.0/24',
        text_hash: await sha256(consent.text),
        confirmation_id: expect.stringMatching(/^cnf_/),
        subject_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(subscription?.created_at).toBeGreaterThanOrEqual(startedAt);
  });

  it('joins the first list when it names none', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { email } = makePerson();
    expect((await call('/v1/subscribers', { key, json: { email } })).status).toBe(202);
    expect(await subscriptionsOf(email, 'list_newsletter')).toHaveLength(1);
  });

  it('notes the hash of the address it came from, the same for the same network', async ({
    expect,
  }) => {
    const { key } = await makeForm();
    const ip = randomIp();
    const hashes: unknown[] = [];
    for (const from of [ip, ip.replace('::1', '::2'), randomIp()]) {
      const { email } = makePerson();
      await call('/v1/subscribers', { key, ip: from, json: { email } });
      hashes.push(...(await consentsOf(email)).map((consent) => consent['ip_hash']));
    }
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  for (const state of ['active', 'unsubscribed', 'bounced', 'complained']) {
    it(`leaves a subscription that is ${state} as it is, and asks again where that may change`, async ({
      expect,
    }) => {
      const { key } = await makeForm();
      const { email } = makePerson();
      const list_id = await makeList();
      const signUp = () => call('/v1/subscribers', { key, json: { email, list_id } });
      await signUp();
      await runSql(sql`UPDATE subscriptions SET state = ${state}, updated_at = 7
        WHERE list_id = ${list_id}`);
      await runSql(sql`UPDATE confirmations SET created_at = 0 WHERE list_id = ${list_id}`);
      const before = await subscriptionsOf(email, list_id);
      await signUp();
      expect(await subscriptionsOf(email, list_id)).toEqual(before);
      expect(before).toMatchObject([{ state, updated_at: 7 }]);
      const asksAgain = ['unsubscribed', 'bounced'].includes(state);
      expect(await consentsOf(email)).toHaveLength(asksAgain ? 2 : 1);
    });
  }

  it('knows one person by one address, however it is written', async ({ expect }) => {
    const { key } = await makeForm();
    const { email, full_name } = makePerson();
    const list_id = await makeList();
    await call('/v1/subscribers', { key, json: { email, full_name, list_id } });
    const json = { email: ` ${email.toUpperCase()} `, full_name: 'Somebody Else', list_id };
    expect((await call('/v1/subscribers', { key, json })).status).toBe(202);
    const rows = await rowsOf(
      operator,
      sql`SELECT email, full_name FROM subscribers
        JOIN subscriptions ON subscriber_id = id WHERE list_id = ${list_id}`,
    );
    expect(rows).toEqual([{ email, full_name }]);
  });

  const refused: [name: string, body: Record<string, unknown>, errors: Record<string, string>][] = [
    ['no address', {}, { email: 'required' }],
    ['what is no address', { email: 'ada@localhost' }, { email: 'invalid_email' }],
    ['a number', { email: 5 }, { email: 'invalid_type' }],
    ['a list that is none', { email: 'a@b.example', list_id: 'list_x' }, { list_id: 'not_found' }],
    ['a state', { email: 'a@b.example', state: 'active' }, { state: 'unknown_field' }],
    [
      'another kind of consent',
      { email: 'a@b.example', consent: { text: 7, ip: 'x' } },
      { 'consent.text': 'invalid_type', 'consent.ip': 'unknown_field' },
    ],
  ];
  for (const [name, json, errors] of refused) {
    it(`refuses ${name}`, async ({ expect }) => {
      const { key } = await makeForm();
      const response = await call('/v1/subscribers', { key, json });
      expect(await refusedFields(expect, response)).toEqual(errors);
    });
  }
});

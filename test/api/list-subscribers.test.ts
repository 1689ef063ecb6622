import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { SubscriberJson } from '../../src/subscribers/contract.ts';
import { call, makeSecretKey } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeList, readList, runSql } from './data.ts';

const listSubscribers = (key: string, query: Record<string, string>) =>
  readList<SubscriberJson>('/v1/subscribers', key, query);

async function listEmails(key: string, query: Record<string, string>): Promise<string[]> {
  return (await listSubscribers(key, query)).data.map((subscriber) => subscriber.email);
}

/** Signs somebody up to a list. */
async function signUp(key: string, list_id: string, email = makePerson().email): Promise<string> {
  await call('/v1/subscribers', { key, json: { email, list_id } });
  return email;
}

const setState = (email: string, listId: string, state: string) =>
  runSql(sql`UPDATE subscriptions SET state = ${state} WHERE list_id = ${listId}
    AND subscriber_id = (SELECT id FROM subscribers WHERE email = ${email})`);

describe('GET /v1/subscribers', () => {
  it('shows a subscriber with the state on each list', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const lists = [await makeList(), await makeList()].toSorted();
    const { email, full_name } = makePerson();
    const known = { language: 'de', tags: ['vip', 'Wien'], attributes: { 'shop.orders': 3 } };
    const json = { email, full_name, list_id: lists[0], ...known };
    await call('/v1/subscribers', { key, json });
    await signUp(key, lists[1] ?? '', email);
    await setState(email, lists[1] ?? '', 'active');

    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const shared = { created_at: time, updated_at: time };
    const { data } = await listSubscribers(key, { email });
    expect(data).toEqual([
      {
        id: expect.stringMatching(/^sbr_/),
        email,
        full_name,
        ...known,
        subscriptions: expect.any(Array),
        ...shared,
        version: 1,
      },
    ]);
    expect(data[0]?.subscriptions.toSorted((a, b) => a.list_id.localeCompare(b.list_id))).toEqual([
      { list_id: lists[0], state: 'pending', ...shared },
      { list_id: lists[1], state: 'active', ...shared },
    ]);
  });

  it('filters by list', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [one, other] = [await makeList(), await makeList()];
    const email = await signUp(key, one);
    await signUp(key, other);
    expect(await listEmails(key, { list_id: one })).toEqual([email]);
    expect(await listEmails(key, { list_id: 'list_none' })).toEqual([]);
  });

  it('filters by state, on that list if it names one', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [one, other] = [await makeList(), await makeList()];
    const email = await signUp(key, one);
    await signUp(key, other, email);
    await setState(email, one, 'complained');
    expect(await listEmails(key, { list_id: one, state: 'complained' })).toEqual([email]);
    expect(await listEmails(key, { list_id: other, state: 'complained' })).toEqual([]);
    expect(await listEmails(key, { state: 'complained', email })).toEqual([email]);
    expect(await listEmails(key, { state: 'bounced', email })).toEqual([]);
  });

  it('filters by tag, with lists, states and addresses', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [list_id, other, tag] = [await makeList(), await makeList(), randomWord()];
    const emails = [makePerson().email, makePerson().email];
    for (const email of emails)
      await call('/v1/subscribers', { key, json: { email, list_id, tags: ['x', tag] } });
    await signUp(key, list_id);
    const [first = '', second = ''] = emails;
    await signUp(key, other, first);
    await setState(first, list_id, 'bounced');
    expect(await listEmails(key, { tag })).toEqual([second, first]);
    expect(await listEmails(key, { tag, limit: '1' })).toEqual([second]);
    expect(await listEmails(key, { tag, list_id: other })).toEqual([first]);
    expect(await listEmails(key, { tag, list_id, state: 'bounced' })).toEqual([first]);
    expect(await listEmails(key, { tag, list_id: other, state: 'bounced' })).toEqual([]);
    expect(await listEmails(key, { tag, email: second })).toEqual([second]);
    expect(await listEmails(key, { tag: `${tag}x`, email: second })).toEqual([]);
    expect(await listEmails(key, { list_id: other, email: second })).toEqual([]);
  });

  it('filters by the time of joining: from one moment, until before another', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const list_id = await makeList();
    const email = await signUp(key, list_id);
    const [{ created_at: at } = { created_at: '' }] = (await listSubscribers(key, { email })).data;
    const later = new Date(Date.parse(at) + 1).toISOString();
    for (const more of [{ email }, { list_id }, { list_id, state: 'pending' }]) {
      const found = (query: Record<string, string>) => listEmails(key, { ...more, ...query });
      expect(await found({ created_after: at, created_before: later })).toEqual([email]);
      expect(await found({ created_after: later })).toEqual([]);
      expect(await found({ created_before: at })).toEqual([]);
      expect(await found({ created_after: '1960-01-01T00:00:00Z' })).toEqual([email]);
    }
    const [own] = (await listSubscribers(key, { created_after: at, created_before: later })).data;
    expect(own?.created_at).toBe(at);
  });

  it('filters by address, however it is written', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const email = await signUp(key, await makeList());
    expect(await listEmails(key, { email: email.toUpperCase() })).toEqual([email]);
    expect(await listEmails(key, { email: `x${email}` })).toEqual([]);
  });

  it('finds an address on a list that many have joined since', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const list_id = await makeList();
    const email = await signUp(key, list_id);
    for (let count = 0; count < 3; count += 1) await signUp(key, list_id);
    expect(await listEmails(key, { list_id, email, limit: '1' })).toEqual([email]);
    expect(await listEmails(key, { state: 'pending', email, limit: '1' })).toEqual([email]);
  });

  it('comes in pages, newest first, each subscriber once while others join', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const list_id = await makeList();
    for (let count = 0; count < 5; count += 1) await signUp(key, list_id);
    const all = await listSubscribers(key, { list_id });
    const newestFirst = all.data.map((subscriber) => subscriber.id);
    expect(newestFirst).toEqual(newestFirst.toSorted().toReversed());

    for (const query of [{ list_id }, { list_id, state: 'pending' }]) {
      const walked: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const more: Record<string, string> = cursor === '' ? {} : { cursor };
        const { data, page } = await listSubscribers(key, { ...query, limit: '2', ...more });
        walked.push(...data.map((subscriber) => subscriber.id));
        cursor = page.next_cursor;
        await signUp(key, list_id);
      }
      expect(walked.filter((id) => newestFirst.includes(id))).toEqual(newestFirst);
      expect(new Set(walked).size).toBe(walked.length);
    }
  });

  it('refuses what it does not know', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const wrong = [
      ['state=gone', 'state', 'invalid_value'],
      ['email=nobody', 'email', 'invalid_email'],
      ['full_name=Ada', 'full_name', 'unknown_field'],
      ['tag=', 'tag', 'too_short'],
      ['created_after=yesterday', 'created_after', 'invalid_format'],
      ['limit=201', 'limit', 'too_big'],
    ] as const;
    for (const [query, field, code] of wrong) {
      const response = await call(`/v1/subscribers?${query}`, { key });
      expect(await refusedFields(expect, response)).toEqual({ [field]: code });
    }
    const foreign = await call(`/v1/subscribers?cursor=${btoa('["keys",5,"key_a"]')}`, { key });
    await expectProblem(expect, foreign, 400, 'invalid_cursor');
  });
});

describe('GET /v1/subscribers/{id}', () => {
  it('shows one subscriber, as the list shows it, and what keeps them from being written to', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const list_id = await makeList();
    await signUp(key, list_id);
    const [listed] = (await listSubscribers(key, { list_id })).data;
    const response = await call(`/v1/subscribers/${listed?.id}`, { key });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ...listed, suppressions: [] });
    expect(response.headers.get('ETag')).toBe('"1"');
  });

  it('knows no subscriber that is not there', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const response = await call('/v1/subscribers/sbr_none', { key });
    await expectProblem(expect, response, 404, 'not_found');
  });
});

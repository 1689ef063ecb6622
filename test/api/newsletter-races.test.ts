import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it, vi, type ExpectStatic } from 'vitest';
import type { Deps } from '../../src/deps.ts';
import { parseEnv } from '../../src/env.ts';
import { linkFor } from '../../src/newsletter/links.ts';
import { savePreferences } from '../../src/newsletter/preferences.ts';
import { sendConfirmations } from '../../src/newsletter/send-confirmations.ts';
import { unsubscribe } from '../../src/newsletter/unsubscribe.ts';
import { revive } from '../../src/outbox/queries.ts';
import type { OutboxRow } from '../../src/outbox/statements.ts';
import { en } from '../../src/pages/messages/en.ts';
import { blockAddress } from '../../src/suppressions/block-address.ts';
import { newSuppressionBody } from '../../src/suppressions/contract.ts';
import { call, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { hashOf, makeList, runSql } from './data.ts';

const config = parseEnv(env);

async function signedUp(): Promise<{ email: string; listId: string; id: string }> {
  const { key } = await makeForm();
  const { email } = makePerson();
  const listId = await makeList();
  await call('/v1/subscribers', { key, json: { email, list_id: listId } });
  const [row] = await rowsOf<{ id: string }>(
    operator,
    sql`SELECT id FROM subscribers WHERE email = ${email}`,
  );
  return { email, listId, id: row?.id ?? '' };
}

async function stateOf(id: string, listId: string): Promise<string | undefined> {
  const [row] = await rowsOf<{ state: string }>(
    operator,
    sql`SELECT state FROM subscriptions WHERE subscriber_id = ${id} AND list_id = ${listId}`,
  );
  return row?.state;
}

const tokenIn = (url: string) => url.split('/').at(-1) ?? '';

const waitingFor = (listId: string) =>
  rowsOf<OutboxRow>(
    operator,
    sql`SELECT id, resource_id AS resourceId, last_error AS lastError FROM outbox
        WHERE resource_id IN (SELECT id FROM confirmations WHERE list_id = ${listId})`,
  );

/** Sends rows while every window is full. */
async function send(rows: OutboxRow[]) {
  const count = vi.fn((limits: unknown[]) =>
    Promise.resolve(
      limits.map((limit) => ({
        ...{ limit, allowed: false, remaining: 0, resetAt: Date.now() + 60_000 },
      })),
    ),
  );
  const mailer = { send: vi.fn(() => Promise.resolve({ kind: 'done' as const })) };
  const deps = { ...operator, config, mailer, limiter: { count } };
  const translations = { read: () => Promise.resolve({ language: 'en', messages: en }) };
  const outcomes = await sendConfirmations({ ...deps, translations } as unknown as Deps, rows);
  return { outcomes: rows.map(({ id }) => outcomes.get(id)), sent: mailer.send.mock.calls.length };
}

/** Deps by which something else happens after what is read, and before what is written. */
function meanwhile(act: () => Promise<unknown>) {
  const write: typeof operator.database.write = async (...batch) => {
    await act();
    return operator.database.write(...batch);
  };
  return { ...operator, config, database: { ...operator.database, write } };
}

describe('the limits of mail', () => {
  it('hold for a mail whose first try failed before it was counted', async ({ expect }) => {
    const { listId } = await signedUp();
    const rows = await waitingFor(listId);
    // What drainOutbox writes where the read before the count throws: the database was away.
    for (const row of rows) row.lastError = 'thrown_AppError';
    const { sent } = await send(rows);
    expect(sent).toBe(0);
  });

  it('hold for mails that an operator has sent again', async ({ expect }) => {
    const { listId } = await signedUp();
    await vi.waitFor(async () => {
      const [row] = await rowsOf<{ state: string }>(
        operator,
        sql`SELECT state FROM outbox WHERE resource_id IN
          (SELECT id FROM confirmations WHERE list_id = ${listId}) AND state = 'done'`,
      );
      expect(row).toBeDefined();
    });
    const [row] = await waitingFor(listId);
    // Refused a day ago, say: no window knows of it any more. Not due, so that nobody else sends it.
    await runSql(
      sql`UPDATE outbox SET state = 'dead', last_error = 'no_mail_provider' WHERE id = ${row?.id}`,
    );
    await operator.database.write((orm) => [revive(orm, row?.id ?? '', Date.now() + 3_600_000)]);
    const { sent } = await send(await waitingFor(listId));
    expect(sent).toBe(0);
  });
});

describe('a mail that waits', () => {
  it('is dropped, and not given up, where the person has left meanwhile', async ({ expect }) => {
    const { id, listId } = await signedUp();
    const rows = await waitingFor(listId);
    const { key } = await makeSecretKey();
    const answer = await call(`/v1/subscribers/${id}/unsubscribe`, {
      key,
      json: { list_id: listId },
    });
    expect(answer.status).toBe(200);
    expect((await send(rows)).outcomes).toEqual([{ kind: 'done' }]);
  });
});

const expectNothingKept = async (expect: ExpectStatic, email: string) => {
  const hash = await hashOf(email);
  const rows = await rowsOf(
    operator,
    sql`SELECT ip_network, user_agent FROM consents WHERE subject_hash = ${hash}
        AND (ip_hash IS NOT NULL OR ip_network IS NOT NULL OR user_agent IS NOT NULL)`,
  );
  expect(rows).toEqual([]);
};

describe('two at once', () => {
  it('leave nobody active who is blocked', async ({ expect }) => {
    const { email } = makePerson();
    const listId = await makeList();
    await runSql(sql`UPDATE lists SET opt_in = 'single' WHERE id = ${listId}`);
    const { key } = await makeSecretKey();
    const deps = meanwhile(() =>
      call('/v1/subscribers', { key, json: { email, list_id: listId } }),
    );
    const body = newSuppressionBody.parse({ email });
    await blockAddress(deps, body, { actor: 'test', requestId: null });
    const [row] = await rowsOf<{ id: string }>(
      operator,
      sql`SELECT id FROM subscribers WHERE email = ${email}`,
    );
    expect(await stateOf(row?.id ?? '', listId)).toBe('unsubscribed');
  });

  const circumstances = {
    ...{ ipHash: 'a hash', ipNetwork: '203.0.113.0/24', userAgent: 'Browser', page: null },
  };

  it('keep no network of who was erased while they left', async ({ expect }) => {
    const { email, listId } = await signedUp();
    const { key } = await makeSecretKey();
    const deps = meanwhile(() => call('/v1/subjects/erase', { key, json: { email } }));
    const url = await linkFor(config, 'unsubscribe', { person: await hashOf(email), listId });
    await unsubscribe(deps, tokenIn(url), circumstances);
    await expectNothingKept(expect, email);
  });

  it('keep no network of who was erased while they chose', async ({ expect }) => {
    const { email, listId, id } = await signedUp();
    const { key } = await makeSecretKey();
    const deps = meanwhile(() => call('/v1/subjects/erase', { key, json: { email } }));
    const url = await linkFor(config, 'preferences', { person: id, listId: '' });
    await savePreferences(deps, tokenIn(url), { shown: [listId], wanted: [] }, circumstances);
    await expectNothingKept(expect, email);
  });
});

import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it, vi } from 'vitest';
import type { Deps } from '../../src/deps.ts';
import { parseEnv } from '../../src/env.ts';
import type { Outcome } from '../../src/lib/delivery-outcome.ts';
import { keyedHash } from '../../src/lib/hashing.ts';
import { dayMs, hourMs } from '../../src/lib/units.ts';
import { sendConfirmations } from '../../src/newsletter/send-confirmations.ts';
import type { OutboxRow } from '../../src/outbox/statements.ts';
import { en } from '../../src/pages/messages/en.ts';
import { openLimiter } from '../../src/platform/limiter.ts';
import { consoleLogger } from '../../src/platform/logger.ts';
import type { Mail } from '../../src/platform/mailer.ts';
import { closedPort } from '../support/faults.ts';
import { call, makeForm, operator } from '../support/harness.ts';
import { randomWord, rememberAsPersonal } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { hashOf, makeList, runSql } from './data.ts';

/** People at these domains sign up to one list. Returns it, and what is to be sent in their order. */
function signUp(domains: string[]) {
  return signUpAll(domains.map((domain) => `${randomWord()}@${domain}`));
}

async function signUpAll(addresses: string[]) {
  const { key } = await makeForm();
  const listId = await makeList();
  for (const email of addresses) {
    const json = { email, list_id: listId };
    rememberAsPersonal(json.email);
    const answer = await call('/v1/subscribers', { key, json });
    if (answer.status !== 202) throw new Error(`answered ${answer.status}`);
  }
  const rows = await rowsOf<OutboxRow>(
    operator,
    sql`SELECT id, resource_id AS resourceId, NULL AS lastError FROM outbox
        WHERE resource_id IN (SELECT id FROM confirmations WHERE list_id = ${listId}) ORDER BY id`,
  );
  return { listId, rows };
}

type Sending = { answer?: Outcome; perDomain?: number; more?: object };

/** Sends rows where so many mails may go to one domain in a day. Returns what became of each. */
async function send(rows: OutboxRow[], sending: Sending = {}) {
  const { answer = { kind: 'done' }, perDomain = 2, more = {} } = sending;
  const config = parseEnv(env);
  const limits = {
    ...config.limits,
    confirmationsPerDomain: { limit: perDomain, windowMs: dayMs },
  };
  const limiter = openLimiter(config.redis);
  // In windows of the test's own: the Worker sends what was signed up as well.
  const count = vi.fn<typeof limiter.count>((windows, together) =>
    limiter.count(
      windows.map((each) => ({ ...each, name: `test-${each.name}` })),
      together,
    ),
  );
  const mailer = { send: vi.fn((_mail: Mail) => Promise.resolve(answer)) };
  const deps = {
    ...operator,
    ...{ config: { ...config, limits }, logger: consoleLogger, limiter: { ...limiter, count } },
    translations: { read: () => Promise.resolve({ language: 'en', messages: en }) },
    ...{ mailer, ...more },
  };
  const outcomes = await sendConfirmations(deps as unknown as Deps, rows);
  return {
    outcomes: rows.map(({ id }) => outcomes.get(id)),
    sent: mailer.send.mock.calls.map(([mail]) => mail.to),
    counted: count.mock.calls.map(([windows]) => windows),
  };
}

const done = { kind: 'done' };
const waits = { kind: 'postponed', reason: 'domain_limit' };
const newDomain = () => `${randomWord()}.example`;

describe('mails that ask people of one domain to confirm', () => {
  it('are so many in a window; the rest wait, and keep nobody else waiting', async ({ expect }) => {
    const [flooded, other] = [newDomain(), newDomain()];
    const domains = [flooded, flooded, flooded.toUpperCase(), other, flooded];
    const { rows } = await signUp(domains);
    const { outcomes, sent, counted } = await send(rows);
    expect(outcomes).toMatchObject([done, done, waits, done, waits]);
    expect(sent.map((to) => to.split('@')[1])).toEqual([flooded, flooded, other]);
    expect(counted).toHaveLength(1);
    const { afterMs } = outcomes[2] as { afterMs: number };
    expect(afterMs).toBeGreaterThan(0);
    expect(afterMs).toBeLessThanOrEqual(dayMs);
  });

  it('are counted without the name of the domain reaching Redis', async ({ expect }) => {
    const domain = newDomain();
    const { rows } = await signUp([domain, domain.toUpperCase()]);
    const { counted } = await send(rows);
    const [first, mailbox, second, other] = counted.flat();
    expect([first?.subject, mailbox?.subject]).toEqual([
      ...[expect.stringMatching(/^[\da-f]{64}$/), expect.stringMatching(/^[\da-f]{64}$/)],
    ]);
    expect(second).toEqual(first);
    expect(other?.subject).not.toBe(mailbox?.subject);
  });

  it('come back ever later, so that a flood of them lets others through', async ({ expect }) => {
    const { listId, rows } = await signUp(Array<string>(3).fill(newDomain()));
    await runSql(
      sql`UPDATE confirmations SET created_at = created_at - ${30 * hourMs} WHERE list_id = ${listId}`,
    );
    const { outcomes } = await send(rows);
    const { afterMs } = outcomes[2] as { afterMs: number };
    expect(afterMs).toBeGreaterThanOrEqual(30 * hourMs);
  });

  it('all go while Redis is away, and the log says so', async ({ expect }) => {
    const { rows } = await signUp(Array<string>(3).fill(newDomain()));
    const limiter = openLimiter({ url: closedPort, token: 'none' });
    const { outcomes } = await send(rows, { more: { limiter } });
    expect(outcomes).toEqual([done, done, done]);
    expect(loggedOfKind('fault')).toMatchObject([
      { fault: 'limits_skipped', names: ['LIMIT_CONFIRMATIONS_PER_DOMAIN'] },
    ]);
  });

  it('are counted only where one is sent', async ({ expect }) => {
    const domain = newDomain();
    const { listId, rows } = await signUp([domain, domain, domain]);
    const left = sql`UPDATE subscriptions SET state = 'active' WHERE list_id = ${listId}`;
    await runSql(left);
    const { outcomes, counted } = await send(rows);
    expect([outcomes, counted]).toEqual([[done, done, done], []]);
  });

  it('are refused once their link is over, so that somebody sees it', async ({ expect }) => {
    const { listId, rows } = await signUp([newDomain(), newDomain()]);
    await runSql(
      sql`UPDATE confirmations SET created_at = created_at - ${72 * hourMs}, expires_at = expires_at - ${72 * hourMs}
        WHERE list_id = ${listId}`,
    );
    await runSql(
      sql`UPDATE subscriptions SET state = 'active' WHERE list_id = ${listId} AND subscriber_id =
        (SELECT subscriber_id FROM confirmations WHERE id = ${rows[0]?.resourceId})`,
    );
    const { outcomes, sent } = await send(rows);
    expect(outcomes).toEqual([done, { kind: 'refused', reason: 'expired' }]);
    expect(sent).toEqual([]);
  });
});

describe('mails that ask people of one mailbox to confirm', () => {
  const writings: [name: string, make: (word: string) => string[]][] = [
    ['a tag', (word) => [0, 1, 2, 3, 4].map((n) => `${word}+${n}@${word}.example`)],
    [
      'dots at Gmail',
      ([a = '', ...rest]) => {
        const word = rest.join('');
        return [
          '@gmail.com',
          '.x@gmail.com',
          'x@gmail.com',
          'x+1@googlemail.com',
          '.x@googlemail.com',
        ]
          .map((end) => end.replace(/^@/, 'x@'))
          .map((end, at) => `${a}${at === 0 ? '.' : ''}${word}${end}`);
      },
    ],
  ];
  it.for(writings)(
    'are three a day, however it is written with %s',
    async ([, make], { expect }) => {
      const { rows } = await signUpAll(make(randomWord()));
      const full = { kind: 'postponed', reason: 'mailbox_limit' };
      const { outcomes, counted } = await send(rows, { perDomain: 1_000_000 });
      expect(outcomes).toMatchObject([done, done, done, full, full]);
      expect(counted).toHaveLength(1);
    },
  );

  it('are told from those of others, and dots mean something elsewhere', async ({ expect }) => {
    const [one, other] = [randomWord(), randomWord()];
    const domain = newDomain();
    const { rows } = await signUpAll([
      ...[1, 2, 3].map((n) => `${one}+${n}@${domain}`),
      ...[
        `${one.slice(0, 3)}.${one.slice(3)}@${domain}`,
        `${other}@${domain}`,
        `+${one}@${domain}`,
      ],
    ]);
    const { outcomes } = await send(rows, { perDomain: 100 });
    expect(outcomes).toEqual([done, done, done, done, done, done]);
  });

  it('do not count while they wait for their domain, nor when they failed', async ({ expect }) => {
    const domain = newDomain();
    const { rows } = await signUp([domain, domain]);
    const [first, second] = [rows.slice(0, 1), rows.slice(1)];
    expect((await send(first, { perDomain: 1 })).outcomes).toEqual([done]);
    for (let n = 0; n < 4; n += 1) {
      expect((await send(second, { perDomain: 1 })).outcomes).toMatchObject([waits]);
    }
    expect((await send(second, { perDomain: 9 })).outcomes).toEqual([done]);
    for (const row of first) row.lastError = 'status_503';
    const { outcomes, counted } = await send(first, { perDomain: 1 });
    expect([outcomes, counted]).toEqual([[done], []]);
  });
});

const peopleOf = (listId: string) =>
  rowsOf<{ email: string; state: string }>(
    operator,
    sql`SELECT email, state FROM subscriptions JOIN subscribers ON id = subscriber_id
        WHERE list_id = ${listId}`,
  );

describe('a provider that writes to an address no more', () => {
  it('has as good as told of a bounce', async ({ expect }) => {
    const { listId, rows } = await signUp([newDomain(), newDomain()]);
    const answer = { kind: 'refused', reason: 'E_RECIPIENT_SUPPRESSED' } as const;
    expect((await send(rows, { answer })).outcomes).toEqual([answer, answer]);
    const people = await peopleOf(listId);
    expect(people).toMatchObject([{ state: 'bounced' }, { state: 'bounced' }]);
    for (const { email } of people) {
      const hash = await keyedHash(operator.config.secrets[0], 'subject', email);
      const found = sql`SELECT list_id, reason, actor FROM suppressions WHERE subject_hash = ${hash}
        UNION ALL SELECT list_id, action, actor FROM consents
        WHERE subject_hash = ${hash} AND action <> 'requested'`;
      expect(await rowsOf(operator, found)).toEqual([
        { list_id: '', reason: 'bounced', actor: 'mail:cloudflare' },
        { list_id: listId, reason: 'bounced', actor: 'mail:cloudflare' },
      ]);
    }
  });

  it('tells it anew where an operator has lifted what it led to', async ({ expect }) => {
    const { listId, rows } = await signUp([newDomain()]);
    const answer = { kind: 'refused', reason: 'E_RECIPIENT_SUPPRESSED' } as const;
    const [person] = await peopleOf(listId);
    const hash = await hashOf(person?.email ?? '');
    for (const leaseToken of ['first', 'second']) {
      for (const row of rows) row.leaseToken = leaseToken;
      await send(rows, { answer });
      const found = sql`SELECT reason FROM suppressions WHERE subject_hash = ${hash}`;
      expect(await rowsOf(operator, found)).toEqual([{ reason: 'bounced' }]);
      await runSql(sql`DELETE FROM suppressions WHERE subject_hash = ${hash}`);
    }
  });

  it('is told apart from one that does not take this mail', async ({ expect }) => {
    const { listId, rows } = await signUp([newDomain()]);
    for (const reason of ['validation_error', 'E_CONTENT_TOO_LARGE']) {
      await send(rows, { answer: { kind: 'refused', reason } });
    }
    expect(await peopleOf(listId)).toMatchObject([{ state: 'pending' }]);
  });
});

import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { purgeLeads } from '../../src/retention/purge-leads.ts';
import { purgeConfirmations, purgeSubscriptions } from '../../src/retention/purge-subscriptions.ts';
import worker from '../../src/worker.ts';
import { call, makeBareForm, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { makeLead, makeList, runSql } from './data.ts';
import { sendForm } from './door.ts';

const dayMs = 86_400_000;
const daysAgo = (days: number) => Date.now() - days * dayMs;

/** A run of the cron that has no time for more than one batch of each kind. */
const hurried = () => ({ ...operator, deadline: { at: Date.now() } });

/** Sends an entry, as if it had come some days ago. Returns its id and that of its lead, which spam has not. */
async function enter(formId: string, days: number, more: Record<string, string> = {}) {
  const { answer } = await sendForm(`/f/${formId}`, { json: { ...makePerson(), ...more } });
  const id = answer.id ?? '';
  const at = daysAgo(days);
  const [row] = await rowsOf<{ leadId: string | null }>(
    operator,
    sql`SELECT lead_id AS leadId FROM submissions WHERE id = ${id}`,
  );
  const leadId = row?.leadId ?? '';
  await runSql(sql`UPDATE submissions SET created_at = ${at} WHERE id = ${id}`);
  await runSql(sql`UPDATE leads SET created_at = ${at}, updated_at = ${at} WHERE id = ${leadId}`);
  return { id, leadId };
}

async function idsOf(table: string, ids: string[]): Promise<string[]> {
  const query = sql`SELECT id FROM ${sql.identifier(table)}
    WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const found = new Set((await rowsOf<{ id: string }>(operator, query)).map(({ id }) => id));
  return ids.filter((id) => found.has(id));
}

describe('the leads of a form that keeps them for 30 days', () => {
  it('go with all that is theirs once nothing has happened to them for so long', async ({
    expect,
  }) => {
    const notify_emails = ['team@shop.example'];
    const formId = await makeBareForm({ retention_days: 30, notify_emails });
    const other = await makeBareForm();
    const [old, fresh, elsewhere] = [
      await enter(formId, 31),
      await enter(formId, 29),
      await enter(other, 4_000),
    ];
    const [spam, freshSpam] = [
      await enter(formId, 31, { _gotcha: 'x' }),
      await enter(formId, 29, { _gotcha: 'x' }),
    ];
    const all = [old, fresh, elsewhere, spam, freshSpam].map(({ id }) => id);
    await purgeLeads(operator);
    const leads = [old, fresh, elsewhere].map(({ leadId }) => leadId);
    expect(await idsOf('leads', leads)).toEqual([fresh.leadId, elsewhere.leadId]);
    expect(await idsOf('submissions', all)).toEqual([fresh.id, elsewhere.id, freshSpam.id]);
    const about = sql`SELECT resource_id AS id FROM outbox WHERE resource_id IN (${old.id}, ${fresh.id})`;
    expect(await rowsOf(operator, about)).toEqual([{ id: fresh.id }]);
  });

  it('stay while somebody works on them, or their person writes again', async ({ expect }) => {
    const formId = await makeBareForm();
    const [worked, touched] = [await enter(formId, 31), await enter(formId, 31)];
    const { key } = await makeSecretKey();
    const path = `/v1/leads/${worked.leadId}`;
    await call(path, { method: 'PATCH', key, json: { notes: 'Called.' } });
    await runSql(sql`UPDATE submissions SET created_at = ${daysAgo(3)} WHERE id = ${touched.id}`);
    await runSql(sql`UPDATE forms SET retention_days = 30 WHERE id = ${formId}`);
    await purgeLeads(operator);
    const ids = [worked.leadId, touched.leadId];
    expect(await idsOf('leads', ids)).toEqual(ids);
  });

  it.for([
    ['the lead', { keepsFirst: false, days: 31 }],
    ['what was sent later', { keepsFirst: true, days: 4_000 }],
  ] as const)(
    'hold what was sent to another form: %s is of the one',
    async ([, all], { expect }) => {
      const { keepsFirst, days } = all;
      const forms = [await makeBareForm(), await makeBareForm({ retention_days: 30 })];
      const [first = '', second = ''] = keepsFirst ? forms : forms.toReversed();
      const person = makePerson();
      const made = await enter(first, 0, person);
      const touching = await enter(second, days, { ...person, notes: 'of the other form' });
      expect(touching.leadId).toBe(made.leadId);
      const at = daysAgo(days);
      await runSql(sql`UPDATE submissions SET created_at = ${at} WHERE id = ${made.id}`);
      await purgeLeads(operator);
      const kept = keepsFirst ? made.id : touching.id;
      expect(await idsOf('submissions', [made.id, touching.id])).toEqual([kept]);
      expect(await idsOf('leads', [made.leadId])).toEqual([made.leadId]);
    },
  );

  it('go some at a time: the next run goes on', async ({ expect }) => {
    const formId = await makeBareForm({ retention_days: 30 });
    const word = randomWord();
    await runSql(sql`INSERT INTO leads (id, full_name, phone_number, form_id, created_at, updated_at)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 601)
      SELECT 'lead_' || ${word} || i, 'Ada', '12345', ${formId}, 0, 0 FROM n`);
    const left = async () => {
      const query = sql`SELECT count(*) AS count FROM leads WHERE form_id = ${formId}`;
      const [row] = await rowsOf<{ count: number }>(operator, query);
      return row?.count ?? 0;
    };
    // Of leads and of submissions.
    for (let run = 1; run <= 4; run += 1) {
      expect(await purgeLeads(hurried())).toBeLessThanOrEqual(400);
    }
    expect(await left()).toBe(0);
  });
});

/** Signs somebody up to a list, whose subscription then is in a state since some days ago. */
async function signUp(listId: string, state: string, days: number, email = makePerson().email) {
  const { key } = await makeForm();
  const consent = { text: 'Yes', page: 'https://a.example/' };
  await call('/v1/subscribers', { key, json: { email, list_id: listId, consent } });
  const at = daysAgo(days);
  const [row] = await rowsOf<{ id: string }>(
    operator,
    sql`SELECT id FROM subscribers WHERE email = ${email}`,
  );
  const id = row?.id ?? '';
  await runSql(sql`UPDATE subscriptions SET state = ${state}, updated_at = ${at}
    WHERE subscriber_id = ${id} AND list_id = ${listId}`);
  await runSql(sql`UPDATE confirmations SET created_at = ${at}, expires_at = ${at + 3 * dayMs}
    WHERE subscriber_id = ${id} AND list_id = ${listId}`);
  return { id, email };
}

function listsOf(id: string): Promise<{ list: string }[]> {
  return rowsOf(
    operator,
    sql`SELECT list_id AS list FROM subscriptions WHERE subscriber_id = ${id} ORDER BY 1`,
  );
}

describe('the people of a list that keeps those who left for 10 days', () => {
  it('go once they have left for so long, and what they agreed to stays', async ({ expect }) => {
    const [listId, other] = [await makeList(), await makeList()];
    await runSql(sql`UPDATE lists SET retention_days = 10 WHERE id = ${listId}`);
    const people = [
      await signUp(listId, 'unsubscribed', 11),
      await signUp(listId, 'complained', 11),
      await signUp(listId, 'bounced', 11),
      await signUp(listId, 'unsubscribed', 9),
      await signUp(listId, 'active', 11),
      await signUp(other, 'unsubscribed', 4_000),
    ];
    await runSql(sql`UPDATE consents SET subject_hash = NULL WHERE list_id = ${listId}`);
    await purgeSubscriptions(operator);
    const ids = people.map(({ id }) => id);
    expect(await idsOf('subscribers', ids)).toEqual(ids.slice(3));
    const ledger = await rowsOf(
      operator,
      sql`SELECT text, page, ip_hash, ip_network, length(subject_hash) AS hash FROM consents
          WHERE list_id = ${listId} AND subscriber_id IS NULL`,
    );
    const row = { text: 'Yes', page: null, ip_hash: null, ip_network: null, hash: 64 };
    expect(ledger).toEqual([row, row, row]);
    const evidence = sql`SELECT page FROM consents WHERE subscriber_id = ${ids[4] ?? ''}`;
    expect(await rowsOf(operator, evidence)).toEqual([{ page: 'https://a.example/' }]);
  });

  it('stay for their other lists', async ({ expect }) => {
    const [listId, other] = [await makeList(), await makeList()];
    await runSql(sql`UPDATE lists SET retention_days = 10 WHERE id = ${listId}`);
    const { id, email } = await signUp(listId, 'unsubscribed', 11);
    await signUp(other, 'active', 11, email);
    await purgeSubscriptions(operator);
    expect(await listsOf(id)).toEqual([{ list: other }]);
  });

  it('stay while a mail is on its way that asks them to confirm', async ({ expect }) => {
    const listId = await makeList();
    await runSql(sql`UPDATE lists SET retention_days = 10 WHERE id = ${listId}`);
    const [again, used] = [
      await signUp(listId, 'unsubscribed', 11),
      await signUp(listId, 'unsubscribed', 11),
    ];
    const { key } = await makeForm();
    for (const { email } of [again, used]) {
      await call('/v1/subscribers', { key, json: { email, list_id: listId } });
    }
    await runSql(
      sql`UPDATE confirmations SET used_at = ${daysAgo(0)} WHERE subscriber_id = ${used.id}`,
    );
    await purgeSubscriptions(operator);
    expect(await idsOf('subscribers', [again.id, used.id])).toEqual([again.id]);
    const fresh = sql`SELECT subscriber_id AS id FROM confirmations
      WHERE list_id = ${listId} AND expires_at > ${Date.now()}`;
    expect(await rowsOf(operator, fresh)).toEqual([{ id: again.id }]);
  });

  it('stay where they come back at that very moment', async ({ expect }) => {
    const listId = await makeList();
    await runSql(sql`UPDATE lists SET retention_days = 10 WHERE id = ${listId}`);
    const { id } = await signUp(listId, 'unsubscribed', 11);
    const write: typeof operator.database.write = async (statements) => {
      await runSql(sql`UPDATE subscriptions SET state = 'active' WHERE subscriber_id = ${id}`);
      return operator.database.write(statements);
    };
    await purgeSubscriptions({ ...hurried(), database: { ...operator.database, write } });
    expect(await listsOf(id)).toEqual([{ list: listId }]);
    const evidence = sql`SELECT page FROM consents WHERE subscriber_id = ${id}`;
    expect(await rowsOf(operator, evidence)).toEqual([{ page: 'https://a.example/' }]);
  });
});

describe('a sign-up that nobody confirms', () => {
  it('goes 30 days after it was last asked for', async ({ expect }) => {
    const listId = await makeList();
    const [old, fresh, again] = [
      await signUp(listId, 'pending', 31),
      await signUp(listId, 'pending', 29),
      await signUp(listId, 'active', 29),
    ];
    // Who is asked again gets another mail, and their subscription stays as it is.
    await runSql(sql`UPDATE subscriptions SET state = 'pending', updated_at = ${daysAgo(31)}
      WHERE subscriber_id = ${again.id}`);
    await purgeSubscriptions(operator);
    expect(await idsOf('subscribers', [old.id, fresh.id, again.id])).toEqual([fresh.id, again.id]);
    expect(await listsOf(old.id)).toEqual([]);
  });

  it('loses its confirmations 30 days after they are over', async ({ expect }) => {
    const listId = await makeList();
    const [old, fresh] = [await signUp(listId, 'active', 34), await signUp(listId, 'active', 32)];
    await purgeConfirmations(operator);
    const query = sql`SELECT subscriber_id AS id FROM confirmations WHERE list_id = ${listId}`;
    expect(await rowsOf(operator, query)).toEqual([{ id: fresh.id }]);
    expect(await listsOf(old.id)).toEqual([{ list: listId }]);
  });
});

describe('the cron', () => {
  it('looks after what is over, and logs how much', async ({ expect }) => {
    const formId = await makeBareForm({ retention_days: 1 });
    const { leadId } = await enter(formId, 2);
    const { key } = await makeSecretKey();
    const kept = await makeLead(key);
    const context = createExecutionContext();
    await worker.scheduled(createScheduledController({ cron: '17 * * * *' }), { ...env }, context);
    await waitOnExecutionContext(context);
    expect(await idsOf('leads', [leadId, kept.id])).toEqual([kept.id]);
    const tasks = loggedOfKind('task').map((line) => line['task']);
    expect(tasks).toEqual(
      expect.arrayContaining(['purge_leads', 'purge_subscriptions', 'purge_confirmations']),
    );
  });
});

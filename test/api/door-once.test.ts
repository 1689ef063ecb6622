import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { faulty } from '../support/faults.ts';
import {
  call,
  makeBareForm,
  makeSecretKey,
  operator,
  startWorker,
  type Call,
} from '../support/harness.ts';
import { asJson, asMultipart, asUrlencoded, textPart } from '../support/form-bodies.ts';
import { makePerson } from '../support/people.ts';
import { countLeads, rowsOf } from '../support/rows.ts';
import { runSql } from './data.ts';
import { readKept, sendForm } from './door.ts';
import { ask, leadsOf, noticesOf, read, sendEntry, sendSpam, typedBy } from './submissions.ts';

const send = (form: string, sent: Call) => sendForm(`/f/${form}`, sent);

async function countSubmissions(form: string): Promise<number> {
  const query = sql`SELECT id FROM submissions WHERE form_id = ${form}`;
  return (await rowsOf(operator, query)).length;
}

function expectStatus(response: Response, status: number): void {
  if (response.status !== status) throw new Error(`answered ${response.status}`);
}

/** Lets the time pass for which a form's entries are recognised. */
async function letTimePass(form: string, ms: number): Promise<void> {
  await runSql(
    sql`UPDATE idempotency_keys SET expires_at = expires_at - ${ms} WHERE sender = ${form}`,
  );
}

describe('the same entry, sent again', () => {
  it('within 30 s is the same one, with one id, one lead and one notification', async ({
    expect,
  }) => {
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const json = typedBy();
    const first = await send(form, { json });
    await letTimePass(form, 29_000);
    const second = await send(form, { json });
    expect(second).toEqual(first);
    expect(await countSubmissions(form)).toBe(1);
    expect(await countLeads(operator, form)).toBe(1);
    expect(await noticesOf(first.answer.id ?? '')).toHaveLength(1);
  });

  it('after 30 s is another one', async ({ expect }) => {
    const form = await makeBareForm();
    const json = typedBy();
    const first = await send(form, { json });
    await letTimePass(form, 30_001);
    const second = await send(form, { json });
    expect(second.answer.id).not.toBe(first.answer.id);
    expect(await countSubmissions(form)).toBe(2);
  });

  it('twice at once is one', async ({ expect }) => {
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const json = typedBy();
    const sent = await Promise.all(Array.from({ length: 5 }, () => send(form, { json })));
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(sent.map(({ answer }) => answer.id)).size).toBe(1);
    expect(await countSubmissions(form)).toBe(1);
    expect(await countLeads(operator, form)).toBe(1);
  });

  it('with one letter changed is another one, and so it is at another form', async ({ expect }) => {
    const [form, other] = [await makeBareForm(), await makeBareForm()];
    const json = typedBy();
    const ids = [
      await send(form, { json }),
      await send(form, { json: { ...json, message: `${json.message}!` } }),
      await send(other, { json }),
    ].map(({ answer }) => answer.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('is the same in each of the three encodings, wherever it says to go next', async ({
    expect,
  }) => {
    const form = await makeBareForm();
    const fields = typedBy(makePerson());
    const entries = Object.entries(fields);
    const sent = [
      await send(form, asJson(fields)),
      await send(form, asUrlencoded([...entries, ['_next', '/thanks']])),
      await send(form, asMultipart(entries.map((entry) => textPart(...entry)))),
    ];
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(sent.map(({ answer }) => answer.id)).size).toBe(1);
    expect(await countSubmissions(form)).toBe(1);
  });
});

describe('the same words after a verdict', () => {
  it('are judged anew where the first were flagged, each verdict once', async ({ expect }) => {
    const form = await makeBareForm();
    const json = typedBy();
    const spam = await sendSpam(form, json);
    expect(await sendSpam(form, json)).toBe(spam);
    const honest = await sendEntry(form, json);
    expect(await sendEntry(form, json)).toBe(honest);
    expect((await readKept(spam)).verdict).toBe('flagged');
    expect(await readKept(honest)).toMatchObject({ verdict: 'accepted', lead: { form_id: form } });
    expect(await countSubmissions(form)).toBe(2);
  });

  it('are the earlier entry under its Idempotency-Key', async ({ expect }) => {
    const form = await makeBareForm();
    const [json, headers] = [typedBy(), { 'Idempotency-Key': 'once' }];
    const spam = await sendSpam(form, json, headers);
    expect(await sendEntry(form, json, headers)).toBe(spam);
    expect(await countLeads(operator, form)).toBe(0);
  });
});

describe('the same words after they were deleted', () => {
  const ways = {
    'with their lead': async (key: string, id: string) => {
      const { lead_id: lead } = await read(key, id);
      expectStatus(await call(`/v1/leads/${lead}`, { method: 'DELETE', key }), 204);
    },
    'as spam, which took the lead': async (key: string, id: string) => {
      expectStatus(await ask(key, id, 'spam'), 200);
    },
    'from the spam folder': async (key: string, id: string) => {
      expectStatus(await ask(key, id, 'spam'), 200);
      expectStatus(await call(`/v1/submissions/${id}`, { method: 'DELETE', key }), 204);
    },
  };

  it.for(Object.entries(ways))('are taken anew: %s', async ([, remove], { expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const [json, headers] = [typedBy(), { 'Idempotency-Key': 'once' }];
    const first = await sendEntry(form, json, headers);
    await remove(key, first);
    expect(await noticesOf(first)).toEqual([]);
    const { status, answer } = await send(form, { json, headers });
    expect([status, answer.code]).toEqual([409, 'CONFLICT']);
    const second = await sendEntry(form, json);
    expect(second).not.toBe(first);
    expect(await countLeads(operator, form)).toBe(1);
    expect(await noticesOf(second)).toHaveLength(1);
  });

  it('are taken anew where spam was deleted', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const json = typedBy();
    const first = await sendSpam(form, json);
    expectStatus(await call(`/v1/submissions/${first}`, { method: 'DELETE', key }), 204);
    expect(await sendSpam(form, json)).not.toBe(first);
  });
});

describe('Idempotency-Key at the door', () => {
  it('makes an entry the same one for a day', async ({ expect }) => {
    const form = await makeBareForm();
    const sent = { json: typedBy(), headers: { 'Idempotency-Key': 'once' } };
    const first = await send(form, sent);
    await letTimePass(form, 86_000_000);
    expect(await send(form, sent)).toEqual(first);
    await letTimePass(form, 400_001);
    expect((await send(form, sent)).answer.id).not.toBe(first.answer.id);
    expect(await countSubmissions(form)).toBe(2);
  });

  it('does not make two of what one visitor sent within 30 s, whatever each says', async ({
    expect,
  }) => {
    const form = await makeBareForm({ repeat_contacts: 'new' });
    const json = typedBy();
    const words = [{}, { 'Idempotency-Key': 'one' }, { 'Idempotency-Key': 'two' }];
    const atOnce = await Promise.all(words.map((headers) => send(form, { json, headers })));
    const later = await send(form, { json, headers: { 'Idempotency-Key': 'three' } });
    const sent = [...atOnce, later];
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(sent.map(({ answer }) => answer.id)).size).toBe(1);
    expect(await leadsOf(form)).toHaveLength(1);
  });

  it('tells the same words apart that are meant twice, after 30 s', async ({ expect }) => {
    const form = await makeBareForm({ repeat_contacts: 'new' });
    const json = typedBy();
    await send(form, { json, headers: { 'Idempotency-Key': 'one' } });
    await letTimePass(form, 30_001);
    await send(form, { json, headers: { 'Idempotency-Key': 'two' } });
    expect(await leadsOf(form)).toHaveLength(2);
  });

  it('whose day is over is taken by what the entry says, within 30 s', async ({ expect }) => {
    const form = await makeBareForm();
    const sent = { json: typedBy(), headers: { 'Idempotency-Key': 'once' } };
    await send(form, sent);
    await letTimePass(form, 86_400_001);
    const { answer } = await send(form, { json: sent.json });
    expect((await send(form, sent)).answer.id).toBe(answer.id);
    expect(await countSubmissions(form)).toBe(2);
  });

  it('is one word, where it looks like what we make of content', async ({ expect }) => {
    const form = await makeBareForm();
    const json = typedBy();
    await send(form, { json });
    const [row] = await rowsOf<{ key: string }>(
      operator,
      sql`SELECT idempotency_key AS key FROM idempotency_keys WHERE sender = ${form}`,
    );
    const headers = { 'Idempotency-Key': row?.key ?? '' };
    expect((await send(await makeBareForm(), { json, headers })).status).toBe(422);
  });

  it('keeps an entry once where the answer of the database is lost', async ({ expect }) => {
    const database = faulty('database', 'write-lost-answer');
    const worker = startWorker({ TURSO_DATABASE_URL: `${database.url}/` });
    const form = await makeBareForm();
    const headers = { Accept: 'application/json', 'Idempotency-Key': 'once' };
    const response = await worker(`/f/${form}`, { json: typedBy(), headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('Idempotency-Replayed')).toBeNull();
    expect(await countSubmissions(form)).toBe(1);
  });

  it('is refused with other content, or where it is none', async ({ expect }) => {
    const form = await makeBareForm();
    const headers = { 'Idempotency-Key': 'once' };
    await send(form, { json: typedBy(), headers });
    expect((await send(form, { json: typedBy(), headers })).status).toBe(422);
    const broken = { json: typedBy(), headers: { 'Idempotency-Key': 'a b' } };
    expect((await send(form, broken)).status).toBe(422);
    expect(await countSubmissions(form)).toBe(1);
  });
});

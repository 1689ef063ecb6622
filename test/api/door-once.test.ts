import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { call, makeBareForm, makeSecretKey, operator, type Call } from '../support/harness.ts';
import { asJson, asMultipart, asUrlencoded, textPart } from '../support/form-bodies.ts';
import { makePerson } from '../support/people.ts';
import { countLeads, rowsOf } from '../support/rows.ts';
import { runSql } from './data.ts';
import { sendForm } from './door.ts';
import { leadsOf, noticesOf, typedBy } from './submissions.ts';

const send = (form: string, sent: Call) => sendForm(`/f/${form}`, sent);

async function countSubmissions(form: string): Promise<number> {
  const query = sql`SELECT id FROM submissions WHERE form_id = ${form}`;
  return (await rowsOf(operator, query)).length;
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

describe('an entry that is not the same', () => {
  it('is one that comes without what made the one before suspect', async ({ expect }) => {
    const form = await makeBareForm();
    const json = typedBy();
    const trapped = await send(form, { json: { ...json, _gotcha: 'x' } });
    const honest = await send(form, { json });
    expect([trapped.status, honest.status]).toEqual([200, 200]);
    expect(honest.answer.id).not.toBe(trapped.answer.id);
    expect(await leadsOf(form)).toHaveLength(1);
  });

  it('is one whose lead has been deleted: nobody is told that it was kept', async ({ expect }) => {
    const form = await makeBareForm({ notify_emails: ['team@example.org'] });
    const json = typedBy();
    const { answer } = await send(form, { json });
    const [lead] = await leadsOf(form);
    const { key } = await makeSecretKey();
    const deleted = await call(`/v1/leads/${lead}`, { method: 'DELETE', key });
    expect(deleted.status).toBe(204);
    expect((await send(form, { json })).status).toBe(409);
    const waiting = sql`SELECT id FROM outbox WHERE resource_id = ${answer.id}`;
    expect(await rowsOf(operator, waiting)).toEqual([]);
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

  it('does not make two of what is sent twice within seconds', async ({ expect }) => {
    const form = await makeBareForm({ repeat_contacts: 'new' });
    const json = typedBy();
    const sent = [
      await send(form, { json, headers: { 'Idempotency-Key': 'one' } }),
      await send(form, { json, headers: { 'Idempotency-Key': 'two' } }),
    ];
    expect(new Set(sent.map(({ answer }) => answer.id)).size).toBe(1);
    expect(await leadsOf(form)).toHaveLength(1);
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

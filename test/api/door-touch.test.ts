import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { call, makeBareForm, makeSecretKey } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { runSql } from './data.ts';
import { leadsOf, noticesOf, read, sendEntry, timelineOf, typedBy } from './submissions.ts';

const dayMs = 86_400_000;

describe('the same person, writing again', () => {
  it('touches the lead that is open, which stays as it was', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const fields = typedBy();
    const first = await sendEntry(form, fields);
    const [lead = ''] = await leadsOf(form);
    const readLead = async () => (await call(`/v1/leads/${lead}`, { key })).json();
    const before = await readLead();
    const second = await sendEntry(form, {
      ...fields,
      email: fields.email.toUpperCase(),
      message: 'And another thing.',
    });
    expect(await leadsOf(form)).toEqual([lead]);
    expect(await readLead()).toEqual(before);
    expect(await timelineOf(lead)).toEqual([
      { type: 'created', submission: first, actor: form },
      { type: 'touched', submission: second, actor: form },
    ]);
    expect(await read(key, second)).toMatchObject({
      lead_id: lead,
      payload: { message: 'And another thing.' },
    });
    expect(await noticesOf(second)).toHaveLength(1);
  });

  it('touches it through another form as well', async ({ expect }) => {
    const [form, other] = [await makeBareForm(), await makeBareForm()];
    const fields = typedBy();
    await sendEntry(form, fields);
    await sendEntry(other, fields);
    const [lead = ''] = await leadsOf(form);
    expect(await timelineOf(lead)).toMatchObject([{ actor: form }, { actor: other }]);
    expect(await leadsOf(other)).toEqual([]);
  });

  it('is a new lead each time where the form says so', async ({ expect }) => {
    const form = await makeBareForm({ repeat_contacts: 'new' });
    const fields = typedBy();
    await sendEntry(form, fields);
    await sendEntry(form, { ...fields, message: 'And another thing.' });
    const leads = await leadsOf(form);
    expect(leads).toHaveLength(2);
    for (const lead of leads) expect(await timelineOf(lead)).toMatchObject([{ type: 'created' }]);
  });

  it.for([
    ['new', 1],
    ['contacted', 1],
    ['qualified', 1],
    ['converted', 2],
    ['lost', 2],
  ] as const)('where the lead is %s: %i in the end', async ([status, count], { expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const fields = typedBy();
    await sendEntry(form, fields);
    const [lead] = await leadsOf(form);
    await call(`/v1/leads/${lead}`, { method: 'PATCH', key, json: { status } });
    await sendEntry(form, { ...fields, message: 'And another thing.' });
    expect(await leadsOf(form)).toHaveLength(count);
  });

  it.for([
    [29, 1],
    [31, 2],
  ] as const)('after %i days: %i in the end', async ([days, count], { expect }) => {
    const form = await makeBareForm();
    const fields = typedBy();
    await sendEntry(form, fields);
    const earlier = sql`UPDATE leads SET created_at = created_at - ${days * dayMs}`;
    await runSql(sql`${earlier} WHERE form_id = ${form}`);
    await sendEntry(form, { ...fields, message: 'And another thing.' });
    expect(await leadsOf(form)).toHaveLength(count);
  });

  it('touches the newest of several that are open', async ({ expect }) => {
    const form = await makeBareForm({ repeat_contacts: 'new' });
    const touching = await makeBareForm();
    const fields = typedBy();
    await sendEntry(form, fields);
    await sendEntry(form, { ...fields, message: 'And another thing.' });
    await sendEntry(touching, fields);
    const [older = '', newer = ''] = await leadsOf(form);
    expect(await timelineOf(older)).toHaveLength(1);
    expect(await timelineOf(newer)).toHaveLength(2);
  });

  it('makes a lead, though the form makes all of them closed', async ({ expect }) => {
    const form = await makeBareForm({ default_status: 'converted' });
    const fields = typedBy();
    await sendEntry(form, fields);
    await sendEntry(form, { ...fields, message: 'And another thing.' });
    const leads = await leadsOf(form);
    expect(leads).toHaveLength(2);
    for (const lead of leads) expect(await timelineOf(lead)).toMatchObject([{ type: 'created' }]);
  });

  it('is a new lead each time where only a phone number is known', async ({ expect }) => {
    const form = await makeBareForm();
    const { full_name: name, phone_number: phone } = makePerson();
    await sendEntry(form, { name, phone, message: 'First.' });
    await sendEntry(form, { name, phone, message: 'Second.' });
    expect(await leadsOf(form)).toHaveLength(2);
  });

  it('twice at once makes one lead and touches it', async ({ expect }) => {
    const form = await makeBareForm();
    const fields = typedBy();
    const messages = ['One.', 'Two.', 'Three.', 'Four.', 'Five.'];
    await Promise.all(messages.map((message) => sendEntry(form, { ...fields, message })));
    const leads = await leadsOf(form);
    expect(leads).toHaveLength(1);
    const types = (await timelineOf(leads[0] ?? '')).map(({ type }) => type);
    expect(types.toSorted()).toEqual(['created', ...messages.slice(1).map(() => 'touched')]);
  });
});

import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { deleteForm } from '../../src/forms/delete-form.ts';
import { markNotSpam } from '../../src/submissions/mark-not-spam.ts';
import { markSpam } from '../../src/submissions/mark-spam.ts';
import { call, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { actsOn, makeLead, runSql } from './data.ts';
import {
  ask,
  leadsOf,
  noticesOf,
  read,
  review,
  sendEntry,
  sendSpam,
  timelineOf,
  typedBy,
} from './submissions.ts';

const deps = { ...operator, deadline: { at: Infinity } };
const reviewer = { actor: 'test', requestId: null };

async function readLead(key: string, id: string | null) {
  return (await call(`/v1/leads/${id}`, { key })).json<Record<string, unknown>>();
}

describe('POST /v1/submissions/{id}/not-spam', () => {
  it('makes the lead that was held back, and tells the people of the form', async ({ expect }) => {
    const { id: keyId, key } = await makeSecretKey();
    const form = await makeBareForm({
      notify_emails: ['sales@shop.example'],
      default_category: 'shop',
      default_status: 'contacted',
    });
    const person = makePerson();
    const id = await sendSpam(
      form,
      { ...typedBy(person), gclid: 'g1' },
      { Referer: 'https://shop.example/contact?utm_source=news' },
    );
    expect(await leadsOf(form)).toEqual([]);
    expect(await noticesOf(id)).toEqual([]);

    const before = await read(key, id);
    expect(before).toMatchObject({ verdict: 'flagged', reasons: ['honeypot'], lead_id: null });
    const after = await review(expect, key, id, 'not-spam');
    expect(after).toEqual({
      ...before,
      verdict: 'accepted',
      lead_id: expect.stringMatching(/^lead_/),
      reviewed_by: keyId,
      reviewed_at: expect.stringMatching(/Z$/),
    });
    expect(await read(key, id)).toEqual(after);
    expect(await readLead(key, after.lead_id)).toMatchObject({
      full_name: person.full_name,
      email: person.email,
      notes: person.notes,
      category: 'shop',
      source: 'news',
      status: 'contacted',
      form_id: form,
      attribution: { gclid: 'g1', utm_source: 'news', page: 'https://shop.example/contact' },
      version: 1,
    });
    expect(await timelineOf(after.lead_id ?? '')).toEqual([
      { type: 'created', submission: id, actor: keyId },
    ]);
    expect(await noticesOf(id)).toEqual([
      { topic: 'lead_notification', payload: expect.stringMatching(/^\{"to":"[\da-f]{16}"\}$/) },
    ]);
    expect(await actsOn(id)).toEqual([
      { action: 'submission.reviewed', actor: keyId, detail: { verdict: 'accepted' } },
    ]);
  });

  it('is harmless again and again, and where nobody doubted', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const [spam, good] = [await sendSpam(form), await sendEntry(form)];
    for (const id of [spam, good]) {
      const first = await review(expect, key, id, 'not-spam');
      expect(await review(expect, key, id, 'not-spam')).toEqual(first);
      expect(await noticesOf(id)).toHaveLength(1);
    }
    expect(await leadsOf(form)).toHaveLength(2);
    expect(await actsOn(spam)).toHaveLength(1);
    expect(await actsOn(good)).toEqual([]);
  });

  it('makes one lead of several that ask at once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const id = await sendSpam(form);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => review(expect, key, id, 'not-spam')),
    );
    const leads = await leadsOf(form);
    expect(leads).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.lead_id))).toEqual(new Set(leads));
    expect(await noticesOf(id)).toHaveLength(1);
    expect(await actsOn(id)).toHaveLength(1);
  });

  it('is not carried out twice when its answer is lost, whatever came between', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const id = await sendSpam(form);
    const losingAnswers: typeof operator.database = {
      ...operator.database,
      async write(statements) {
        await operator.database.write(statements);
        await markSpam(deps, id, reviewer);
        return operator.database.write(statements);
      },
    };
    await markNotSpam({ ...deps, database: losingAnswers }, id, reviewer);
    expect(await read(key, id)).toMatchObject({ verdict: 'flagged', lead_id: null });
    expect(await leadsOf(form)).toEqual([]);
    expect(await noticesOf(id)).toEqual([]);
    expect(await actsOn(id)).toHaveLength(2);
  });

  it('touches the open lead of the same person, where the form says so', async ({ expect }) => {
    const { key } = await makeSecretKey();
    for (const policy of ['touch', 'new'] as const) {
      const form = await makeBareForm({ repeat_contacts: policy });
      const fields = typedBy();
      const first = await read(key, await sendEntry(form, fields));
      const spam = await sendSpam(form, { ...fields, message: 'Once more, please.' });
      const { lead_id: lead } = await review(expect, key, spam, 'not-spam');
      expect(lead === first.lead_id).toBe(policy === 'touch');
      const types = (await timelineOf(first.lead_id ?? '')).map(({ type }) => type);
      expect(types).toEqual(policy === 'touch' ? ['created', 'touched'] : ['created']);
    }
  });

  it('says in the names of the inputs why no lead can be made', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await sendSpam(await makeBareForm());
    const payload = JSON.stringify({ Name: '1', 'E-Mail': 'nobody' });
    await runSql(sql`UPDATE submissions SET payload = ${payload} WHERE id = ${id}`);
    const refused = await refusedFields(expect, await ask(key, id, 'not-spam'));
    expect(refused).toEqual({ Name: 'only_digits', 'E-Mail': 'invalid_email' });
    expect(await read(key, id)).toMatchObject({ verdict: 'flagged', reviewed_at: null });
    expect(await actsOn(id)).toEqual([]);
  });

  it('makes a lead of no form where the form is gone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const id = await sendSpam(form);
    await deleteForm(deps, form, { ...reviewer, known: null });
    const { lead_id: lead, form_id: of } = await review(expect, key, id, 'not-spam');
    expect(of).toBeNull();
    expect(await readLead(key, lead)).toMatchObject({ form_id: null, status: 'new' });
    expect(await noticesOf(id)).toEqual([]);
  });

  it('makes the lead of a key again that was taken for spam', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const attribution = { utm_source: 'news', page: 'https://shop.example/' };
    const made = await makeLead(key, { position: 'CTO', company_name: null, attribution });
    const [{ submission: id } = { submission: null }] = await timelineOf(made.id);
    await review(expect, key, id ?? '', 'spam');
    const { lead_id: lead } = await review(expect, key, id ?? '', 'not-spam');
    const { id: _, created_at: _c, updated_at: _u, source, ...again } = await readLead(key, lead);
    expect(made).toMatchObject(again);
    expect(source).toBe('news');
  });

  it('is 404 for what is not there', async ({ expect }) => {
    const { key } = await makeSecretKey();
    await expectProblem(expect, await ask(key, 'sub_none', 'not-spam'), 404, 'not_found');
    await expectProblem(expect, await ask(key, 'sub_none', 'spam'), 404, 'not_found');
  });
});

import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { changeLead } from '../../src/leads/change-lead.ts';
import { markNotSpam } from '../../src/submissions/mark-not-spam.ts';
import { markSpam } from '../../src/submissions/mark-spam.ts';
import { call, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem } from './answers.ts';
import { actsOn, readList } from './data.ts';
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

/** Several entries of one person, of which the first made the lead and the others touched it. */
async function sendAgainAndAgain(form: string, times: number): Promise<string[]> {
  const fields = typedBy();
  const ids: string[] = [];
  for (let n = 0; n < times; n += 1) ids.push(await sendEntry(form, { ...fields, n: String(n) }));
  return ids;
}

describe('POST /v1/submissions/{id}/spam', () => {
  it('removes the lead that it made, and keeps what was sent', async ({ expect }) => {
    const { id: keyId, key } = await makeSecretKey();
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const id = await sendEntry(form);
    const before = await read(key, id);
    expect(await noticesOf(id)).toHaveLength(1);
    const after = await review(expect, key, id, 'spam');
    expect(after).toEqual({
      ...before,
      verdict: 'flagged',
      reasons: ['marked_by_operator'],
      lead_id: null,
      reviewed_by: keyId,
      reviewed_at: expect.stringMatching(/Z$/),
    });
    expect(await leadsOf(form)).toEqual([]);
    await expectProblem(
      expect,
      await call(`/v1/leads/${before.lead_id}`, { key }),
      404,
      'not_found',
    );
    expect(await noticesOf(id)).toEqual([]);
    expect(await actsOn(id)).toEqual([
      {
        action: 'submission.reviewed',
        actor: keyId,
        detail: { verdict: 'flagged', lead_id: before.lead_id, lead: 'deleted' },
      },
    ]);
    expect(await actsOn(before.lead_id ?? '')).toEqual([
      { action: 'lead.deleted', actor: keyId, detail: {} },
    ]);
    const found = await readList('/v1/submissions', key, {
      form_id: form,
      reason: 'marked_by_operator',
    });
    expect(found.data).toHaveLength(1);
  });

  it('empties the answers that quote the lead', async ({ expect }) => {
    const { id: keyId, key } = await makeSecretKey();
    const headers = { 'Idempotency-Key': 'once' };
    const fields = { full_name: 'Ada Lovelace', email: 'ada@example.org' };
    const { id: lead } = await (
      await call('/v1/leads', { key, json: fields, headers })
    ).json<{ id: string }>();
    const [event] = await timelineOf(lead);
    await review(expect, key, event?.submission ?? '', 'spam');
    const bodies = sql`SELECT body FROM idempotency_keys WHERE sender = ${keyId}`;
    expect(await rowsOf(operator, bodies)).toEqual([{ body: null }]);
  });

  it('is harmless again and again, and for what is spam already', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const [good, spam] = [await sendEntry(form), await sendSpam(form)];
    for (const id of [good, spam]) {
      const first = await review(expect, key, id, 'spam');
      expect(await review(expect, key, id, 'spam')).toEqual(first);
    }
    expect((await read(key, spam)).reasons).toEqual(['honeypot']);
    expect(await actsOn(good)).toHaveLength(1);
    expect(await actsOn(spam)).toEqual([]);
  });

  it('comes out alike for several that ask at once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const id = await sendEntry(form);
    await Promise.all(Array.from({ length: 4 }, () => review(expect, key, id, 'spam')));
    expect(await leadsOf(form)).toEqual([]);
    expect(await actsOn(id)).toHaveLength(1);
  });

  it('takes a touch off a lead, and nothing else', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const [first = '', second = ''] = await sendAgainAndAgain(form, 2);
    const [lead = ''] = await leadsOf(form);
    expect(await timelineOf(lead)).toHaveLength(2);
    await review(expect, key, second, 'spam');
    expect(await timelineOf(lead)).toMatchObject([{ type: 'created', submission: first }]);
    expect((await read(key, first)).lead_id).toBe(lead);
    expect(await actsOn(lead)).toEqual([]);
    expect((await actsOn(second))[0]?.detail).toMatchObject({ lead_id: lead, lead: 'kept' });
  });

  it('keeps a lead that others came to, until all of them are spam', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const [first = '', second = '', third = ''] = await sendAgainAndAgain(form, 3);
    const [lead = ''] = await leadsOf(form);
    await review(expect, key, first, 'spam');
    await review(expect, key, second, 'spam');
    expect(await leadsOf(form)).toEqual([lead]);
    expect((await read(key, third)).lead_id).toBe(lead);
    await review(expect, key, third, 'spam');
    expect(await leadsOf(form)).toEqual([]);
    const { data } = await readList('/v1/submissions', key, { form_id: form, verdict: 'flagged' });
    expect(data).toHaveLength(3);
  });

  it('is refused where somebody has worked on the lead', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const [made = '', touched = ''] = await sendAgainAndAgain(form, 2);
    const [lead = ''] = await leadsOf(form);
    await call(`/v1/leads/${lead}`, { method: 'PATCH', key, json: { status: 'qualified' } });
    await review(expect, key, touched, 'spam');
    await expectProblem(expect, await ask(key, made, 'spam'), 409, 'conflict');
    expect(await read(key, made)).toMatchObject({ verdict: 'accepted', lead_id: lead });
    expect(await actsOn(made)).toEqual([]);
  });

  it('does not remove a lead that is changed, or touched, at that moment', async ({ expect }) => {
    const { key } = await makeSecretKey();
    for (const disturb of ['change', 'touch'] as const) {
      const form = await makeBareForm();
      const fields = typedBy();
      const id = await sendEntry(form, fields);
      const [lead = ''] = await leadsOf(form);
      let disturbed = false;
      const overtaken: typeof operator.database = {
        ...operator.database,
        async write(statements) {
          if (!disturbed && disturb === 'change') {
            await changeLead(deps, lead, { position: 'CTO' }, { known: null, actor: 'test' });
          } else if (!disturbed) await sendEntry(form, { ...fields, message: 'Again.' });
          disturbed = true;
          return operator.database.write(statements);
        },
      };
      const marking = markSpam({ ...deps, database: overtaken }, id, reviewer);
      if (disturb === 'change') await expect(marking).rejects.toThrow(/has changed the lead/);
      else expect(await marking).toMatchObject({ verdict: 'flagged', leadId: null });
      expect(await leadsOf(form)).toEqual([lead]);
      expect((await read(key, id)).verdict).toBe(disturb === 'change' ? 'accepted' : 'flagged');
    }
  });

  it('is not carried out twice when its answer is lost, whatever came between', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const id = await sendEntry(form);
    const losingAnswers: typeof operator.database = {
      ...operator.database,
      async write(statements) {
        await operator.database.write(statements);
        await markNotSpam(deps, id, reviewer);
        return operator.database.write(statements);
      },
    };
    await markSpam({ ...deps, database: losingAnswers }, id, reviewer);
    expect(await read(key, id)).toMatchObject({ verdict: 'accepted' });
    expect(await leadsOf(form)).toHaveLength(1);
  });

  it('can be turned around as often as anybody likes', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm({ notify_emails: ['sales@shop.example'] });
    const id = await sendSpam(form);
    for (let n = 0; n < 3; n += 1) {
      const { lead_id: lead } = await review(expect, key, id, 'not-spam');
      expect(await leadsOf(form)).toEqual([lead]);
      expect(await noticesOf(id)).toHaveLength(1);
      const { reasons } = await review(expect, key, id, 'spam');
      expect(reasons).toEqual(['honeypot', 'marked_by_operator']);
      expect(await leadsOf(form)).toEqual([]);
      expect(await noticesOf(id)).toEqual([]);
    }
    expect(await actsOn(id)).toHaveLength(6);
  });
});

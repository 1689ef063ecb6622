import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { FormJson } from '../../src/forms/contract.ts';
import { call, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeList, readList, runSql } from './data.ts';

const make = (key: string, json: object) =>
  call('/v1/forms', { key, json: { name: 'Form of a test', kind: 'newsletter', ...json } });

const change = (key: string, id: string, json: object) =>
  call(`/v1/forms/${id}`, { method: 'PATCH', key, json });

describe('a form for sign-ups', () => {
  it('signs people up to the list that it names, else to the first one', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const listId = await makeList();
    const named = await make(key, { list_id: listId });
    const form = await named.json<FormJson>();
    expect(form).toMatchObject({ kind: 'newsletter', list_id: listId });
    expect(await (await call(`/v1/forms/${form.id}`, { key })).json()).toEqual(form);
    const unnamed = await (await make(key, {})).json();
    expect(unnamed).toMatchObject({ kind: 'newsletter', list_id: 'list_newsletter' });
    const moved = await change(key, form.id, { list_id: 'list_newsletter' });
    expect(await moved.json()).toMatchObject({ list_id: 'list_newsletter', version: 2 });
  });

  it('points to public lists alone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const hidden = await makeList();
    await runSql(sql`UPDATE lists SET visibility = 'private' WHERE id = ${hidden}`);
    const form = await makeBareForm({ kind: 'newsletter', default_source: null });
    const name = randomWord();
    for (const list_id of [hidden, 'list_none']) {
      const refused = await make(key, { list_id, name });
      expect(await refusedFields(expect, refused)).toEqual({ list_id: 'not_found' });
      const moved = await change(key, form, { list_id });
      expect(await refusedFields(expect, moved)).toEqual({ list_id: 'not_found' });
    }
    expect(await rowsOf(operator, sql`SELECT id FROM forms WHERE name = ${name}`)).toEqual([]);
  });

  it('takes nothing that is about leads, and cannot do without a list', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const ofLeads = {
      ...{ default_source: 'site', default_category: 'press', default_status: 'contacted' },
      ...{ notify_emails: ['a@shop.example'], repeat_contacts: 'new' },
    };
    const codes = Object.fromEntries(Object.keys(ofLeads).map((name) => [name, 'not_of_kind']));
    expect(await refusedFields(expect, await make(key, ofLeads))).toEqual(codes);
    const id = await makeBareForm({ kind: 'newsletter', default_source: null });
    const changed = await change(key, id, { ...ofLeads, list_id: null });
    expect(await refusedFields(expect, changed)).toEqual({ ...codes, list_id: 'required' });
    const same = await change(key, id, { default_source: null, notify_emails: [], name: 'B' });
    expect(same.status).toBe(200);
  });

  it('stays one, and a form for leads has no list', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const lead = await makeBareForm();
    const list_id = 'list_newsletter';
    const made = await make(key, { kind: 'lead', list_id });
    expect(await refusedFields(expect, made)).toEqual({ list_id: 'not_of_kind' });
    const moved = await change(key, lead, { list_id });
    expect(await refusedFields(expect, moved)).toEqual({ list_id: 'not_of_kind' });
    const turned = await change(key, lead, { kind: 'newsletter', name: 'B' });
    expect(await refusedFields(expect, turned)).toEqual({ kind: 'unknown_field' });
    expect((await change(key, lead, { list_id: null })).status).toBe(200);
  });

  it('has keys that sign people up to its list, and make no leads', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [listId, other] = [await makeList(), await makeList()];
    const form_id = await makeBareForm({
      kind: 'newsletter',
      default_source: null,
      list_id: listId,
    });
    const issued = await call('/v1/keys', {
      key,
      json: { kind: 'publishable', name: 'Site', form_id },
    });
    const { key: publishable } = await issued.json<{ key: string }>();
    const [ada, bob] = [makePerson(), makePerson()];
    const signUp = (json: object) => call('/v1/subscribers', { key: publishable, json });
    expect((await signUp({ email: ada.email })).status).toBe(202);
    expect((await signUp({ email: bob.email, list_id: other })).status).toBe(202);
    const on = await readList<{ email: string }>('/v1/subscribers', key, { list_id: listId });
    expect(on.data).toMatchObject([{ email: ada.email }]);
    const lead = await call('/v1/leads', { key: publishable, json: ada });
    await expectProblem(expect, lead, 403, 'key_kind_not_allowed');
  });
});

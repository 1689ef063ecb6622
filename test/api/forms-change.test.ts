import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { changeForm } from '../../src/forms/change-form.ts';
import type { FormJson } from '../../src/forms/contract.ts';
import { readForm } from '../../src/forms/read-form.ts';
import { faulty } from '../support/faults.ts';
import {
  call,
  callWith,
  makeBareForm,
  makeForm,
  makeSecretKey,
  operator,
} from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeUsedKey } from './data.ts';

const by = { actor: 'test', requestId: null };

const change = (key: string, id: string, json: unknown, headers: Record<string, string> = {}) =>
  call(`/v1/forms/${id}`, { method: 'PATCH', key, json, headers });

const changesOf = (id: string) =>
  rowsOf<{ detail: string }>(
    operator,
    sql`SELECT detail FROM audit_log WHERE target_id = ${id} AND action = 'form.changed'`,
  );

describe('PATCH /v1/forms/{id}', () => {
  it('changes what is named, makes a version and is noted', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm({ color: '#000000', default_category: 'press' });
    const before = await (await call(`/v1/forms/${id}`, { key })).json<FormJson>();
    const captcha = { provider: 'hcaptcha', site_key: 'a-b' };
    const changes = { color: '#FFFFFF', default_category: null, captcha, name: before.name };
    const response = await change(key, id, changes);
    const after = await response.json<FormJson>();
    expect(response.headers.get('ETag')).toBe('"2"');
    expect(after).toEqual({
      ...before,
      color: '#ffffff',
      default_category: null,
      captcha: { ...captcha, action: null, on_outage: 'accept' },
      updated_at: after.updated_at,
      version: 2,
    });
    expect(await (await call(`/v1/forms/${id}`, { key })).json()).toEqual(after);
    expect((await changesOf(id)).map(({ detail }) => JSON.parse(detail))).toEqual([
      { fields: ['color', 'default_category', 'captcha'] },
    ]);
  });

  it('makes no version of what is so already', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm({ notify_emails: ['a@example.org'] });
    const response = await change(key, id, { notify_emails: ['a@example.org'], active: true });
    expect(await response.json()).toMatchObject({ version: 1 });
    expect(await changesOf(id)).toEqual([]);
  });

  it('is refused to those who do not know the version, or say nothing', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    expect((await change(key, id, { name: 'B' }, { 'If-Match': '"1"' })).status).toBe(200);
    const stale = await change(key, id, { name: 'C' }, { 'If-Match': '"1"' });
    expect(stale.headers.get('ETag')).toBe('"2"');
    await expectProblem(expect, stale, 412, 'precondition_failed');
    expect(await refusedFields(expect, await change(key, id, {}))).toEqual({ '': 'invalid' });
    const forged = await change(key, id, { version: 9, id: 'form_a' });
    expect(await refusedFields(expect, forged)).toMatchObject({
      version: 'unknown_field',
      id: 'unknown_field',
    });
    await expectProblem(expect, await change(key, 'form_none', { name: 'A' }), 404, 'not_found');
  });

  it('loses nothing of what several change at once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const changes = [
      { name: 'B' },
      { color: '#123456' },
      { site_name: 'Site' },
      { retention_days: 5 },
    ];
    const answers = await Promise.all(changes.map((json) => change(key, id, json)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const form = await (await call(`/v1/forms/${id}`, { key })).json();
    expect(form).toMatchObject({ ...Object.assign({}, ...changes), version: 5 });
    expect(await changesOf(id)).toHaveLength(4);
  });

  it('lets one of several who know the same version win', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const headers = { 'If-Match': '"1"' };
    const names = ['B', 'C', 'D'];
    const answers = await Promise.all(names.map((name) => change(key, id, { name }, headers)));
    const statuses = answers.map(({ status }) => String(status));
    expect(statuses.toSorted()).toEqual(['200', '412', '412']);
  });

  it('is made once where the answer of the database is lost', async ({ expect }) => {
    const key = await makeUsedKey();
    const id = await makeBareForm();
    const database = faulty('database', 'write-lost-answer');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const options = { method: 'PATCH', key, json: { name: 'B' } };
    const response = await callWith(bindings, `/v1/forms/${id}`, options);
    expect(await response.json()).toMatchObject({ name: 'B', version: 2 });
    const form = await (await call(`/v1/forms/${id}`, { key })).json();
    expect(form).toMatchObject({ name: 'B', version: 2 });
    expect(await changesOf(id)).toHaveLength(1);
    const tries = (await database.seen()).filter(({ body }) => body.includes('form.changed'));
    expect(tries).toHaveLength(2);
  });

  it('does not undo what another changed after an answer that was lost', async ({ expect }) => {
    const id = await makeBareForm();
    const losingAnswers: typeof operator.database = {
      ...operator.database,
      async write(statements) {
        await operator.database.write(statements);
        await changeForm(operator, id, { name: 'Of another' }, { ...by, known: null });
        return operator.database.write(statements);
      },
    };
    const deps = { ...operator, database: losingAnswers };
    await changeForm(deps, id, { name: 'Mine' }, { ...by, known: null });
    expect(await readForm(operator, id)).toMatchObject({ name: 'Of another', version: 3 });
  });

  it('counts at once where it is made, for the keys of the form, too', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeForm();
    const send = () => call('/v1/leads', { key: form.key, json: makePerson() });
    expect((await send()).status).toBe(201);
    await change(key, form.formId, { active: false });
    await expectProblem(expect, await send(), 403, 'form_inactive');
    await change(key, form.formId, { active: true });
    expect((await send()).status).toBe(201);
  });
});

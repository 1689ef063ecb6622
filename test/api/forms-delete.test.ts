import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { faulty } from '../support/faults.ts';
import {
  call,
  callWith,
  makeBareForm,
  makeForm,
  makeSecretKey,
  operator,
} from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem } from './answers.ts';
import { makeLead, makeUsedKey, runSql } from './data.ts';

const by = { actor: 'test', requestId: null };

const remove = (key: string, id: string, headers: Record<string, string> = {}) =>
  call(`/v1/forms/${id}`, { method: 'DELETE', key, headers });

const post = (address: string) => call(`/f/${address}`, { json: makePerson() });

describe('DELETE /v1/forms/{id}', () => {
  it('deletes a form with its addresses and dead keys; its leads stay', async ({ expect }) => {
    const { id: actor, key } = await makeSecretKey();
    const name = randomWord();
    const form = await makeForm();
    await runSql(sql`UPDATE forms SET name = ${name} WHERE id = ${form.formId}`);
    const lead = await makeLead(form.key);
    expect((await post(form.formId)).status).toBe(200);
    await revokeKey(operator, form.id, by);

    expect((await remove(key, form.formId)).status).toBe(204);
    await expectProblem(expect, await call(`/v1/forms/${form.formId}`, { key }), 404, 'not_found');
    expect((await post(form.formId)).status).toBe(404);
    await expectProblem(expect, await call(`/v1/keys/${form.id}`, { key }), 404, 'not_found');
    const kept = await (await call(`/v1/leads/${lead.id}`, { key })).json();
    expect(kept).toEqual({ ...lead, ...(kept as object), form_id: null });
    const acts = await rowsOf(
      operator,
      sql`SELECT action, actor, detail FROM audit_log
        WHERE target_id = ${form.formId} ORDER BY id DESC LIMIT 1`,
    );
    const detail = JSON.stringify({ name });
    expect(acts).toEqual([{ action: 'form.deleted', actor, detail }]);
    await expectProblem(expect, await remove(key, form.formId), 404, 'not_found');
  });

  it('is refused while a key works that is bound to it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { formId, id, key: bound } = await makeForm();
    await expectProblem(expect, await remove(key, formId), 409, 'conflict');
    expect((await call('/v1/leads', { key: bound, json: makePerson() })).status).toBe(201);
    await runSql(sql`UPDATE api_keys SET expires_at = 5 WHERE id = ${id}`);
    expect((await remove(key, formId)).status).toBe(204);
  });

  it('is refused to those who do not know the version', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const stale = await remove(key, id, { 'If-Match': '"2"' });
    await expectProblem(expect, stale, 412, 'precondition_failed');
    expect((await remove(key, id, { 'If-Match': '"1"' })).status).toBe(204);
  });

  it('answers one of two that delete at once with success, the other without failing', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const answers = await Promise.all([remove(key, id), remove(key, id)]);
    const statuses = answers.map(({ status }) => String(status));
    expect(statuses.toSorted()).toEqual(['204', '404']);
  });

  it('is carried out once where the answer of the database is lost', async ({ expect }) => {
    const key = await makeUsedKey();
    const id = await makeBareForm();
    const database = faulty('database', 'write-lost-answer');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const response = await callWith(bindings, `/v1/forms/${id}`, { method: 'DELETE', key });
    expect(response.status).toBe(204);
    const tries = (await database.seen()).filter(({ body }) => body.includes('form.deleted'));
    expect(tries).toHaveLength(2);
    await expectProblem(expect, await call(`/v1/forms/${id}`, { key }), 404, 'not_found');
  });

  it('takes the answers that quote the form with it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const word = randomWord();
    const headers = { 'Idempotency-Key': word };
    const made = await call('/v1/forms', { key, json: { name: 'A' }, headers });
    const { id } = await made.json<{ id: string }>();
    const moved = { key, json: {}, headers: { 'Idempotency-Key': `${word}2` } };
    expect((await call(`/v1/forms/${id}/address`, moved)).status).toBe(201);
    await remove(key, id);
    const again = await call('/v1/forms', { key, json: { name: 'A' }, headers });
    await expectProblem(expect, again, 409, 'conflict');
    const quoting = await rowsOf(
      operator,
      sql`SELECT body FROM idempotency_keys WHERE idempotency_key LIKE ${`${word}%`} AND body IS NOT NULL`,
    );
    expect(quoting).toEqual([]);
  });
});

import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { call, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeLead, readList } from './data.ts';

const remove = (key: string, id: string, headers: Record<string, string> = {}) =>
  call(`/v1/leads/${id}`, { method: 'DELETE', key, headers });

describe('DELETE /v1/leads/{id}', () => {
  it('deletes a lead for good', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    const { id } = await makeLead(key, { source });
    const response = await remove(key, id);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');

    for (const path of [`/v1/leads/${id}`, `/v1/leads/${id}/events`]) {
      await expectProblem(expect, await call(path, { key }), 404, 'not_found');
    }
    await expectProblem(expect, await remove(key, id), 404, 'not_found');
    expect((await readList('/v1/leads', key, { source })).data).toEqual([]);
  });

  it('leaves nothing of the person in any table', async ({ expect }) => {
    const { id: keyId, key } = await makeSecretKey();
    const headers = { 'Idempotency-Key': 'once' };
    const captured = await call('/v1/leads', { key, json: makePerson(), headers });
    const { id } = await captured.json<{ id: string }>();
    await call(`/v1/leads/${id}`, { method: 'PATCH', key, json: { full_name: 'Grace Hopper' } });
    const rowsAbout = () =>
      rowsOf<{ events: number; submissions: number; answers: number }>(
        operator,
        sql`SELECT
          (SELECT count(*) FROM lead_events WHERE lead_id = ${id}) AS events,
          (SELECT count(*) FROM submissions WHERE lead_id = ${id}) AS submissions,
          (SELECT count(body) FROM idempotency_keys WHERE sender = ${keyId}) AS answers`,
      );
    expect(await rowsAbout()).toEqual([{ events: 2, submissions: 1, answers: 1 }]);
    await remove(key, id);
    expect(await rowsAbout()).toEqual([{ events: 0, submissions: 0, answers: 0 }]);
  });

  it('is noted in the audit log: who, what and when, but nothing of the person', async ({
    expect,
  }) => {
    const { id: keyId, key } = await makeSecretKey();
    const { id } = await makeLead(key);
    const response = await remove(key, id);
    const rows = await rowsOf(operator, sql`SELECT * FROM audit_log WHERE target_id = ${id}`);
    expect(rows).toEqual([
      {
        id: expect.stringMatching(/^aud_/),
        action: 'lead.deleted',
        actor: keyId,
        target_id: id,
        request_id: response.headers.get('X-Request-Id'),
        detail: '{}',
        at: expect.any(Number),
      },
    ]);
  });

  it('is refused to those who know an older version', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    await call(`/v1/leads/${id}`, { method: 'PATCH', key, json: { status: 'contacted' } });
    const stale = await remove(key, id, { 'If-Match': '"1"' });
    await expectProblem(expect, stale, 412, 'precondition_failed');
    const malformed = await remove(key, id, { 'If-Match': '2' });
    expect(await refusedFields(expect, malformed)).toEqual({ 'If-Match': 'invalid_header' });
    expect((await remove(key, id, { 'If-Match': '"2"' })).status).toBe(204);
  });

  it('answers one of two that delete at once with success, the other without failing', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    const answers = await Promise.all([remove(key, id), remove(key, id)]);
    const statuses = answers.map((answer) => answer.status);
    expect(statuses).toContain(204);
    expect(statuses.every((status) => [204, 404].includes(status))).toBe(true);
  });
});

import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { closedPort, encoded, faulty } from '../support/faults.ts';
import { callWith, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { countLeads, rowsOf } from '../support/rows.ts';
import { loggedLines, loggedOfKind } from '../support/watch-logs.ts';

const down: [name: string, fault: string][] = [
  ['closes the connection', 'drop'],
  ['answers 500', 'status-500'],
  ['answers 429', 'status-429'],
  ['answers HTML', 'html'],
  ['answers half a JSON document', 'truncated'],
  ['answers JSON of another shape', `body-${encoded({ hello: 'world' })}`],
  ['is blocked for its quota', 'error-BLOCKED'],
  ['ends every transaction for its age', 'error-TRANSACTION_TIMEOUT'],
  ['is busy for ever', 'error-SQLITE_BUSY'],
  ['never answers', 'hang'],
];

describe('a database in trouble', () => {
  for (const [name, fault] of down) {
    it(`that ${name} when a lead is stored: 503 within 3 s, and no lead`, async ({ expect }) => {
      const { key, formId } = await makeForm();
      const database = faulty('database', `write-${fault}`);
      const startedAt = Date.now();
      const answer = await callWith({ TURSO_DATABASE_URL: database.url + '/' }, '/v1/leads', {
        key,
        json: makePerson(),
      });
      expect(answer.status).toBe(503);
      expect(Date.now() - startedAt).toBeLessThan(3_000);
      expect(answer.headers.get('Retry-After')).toBe('5');
      expect(await answer.json()).toMatchObject({ code: 'unavailable', status: 503 });
      expect((await database.seen()).length).toBeGreaterThan(0);
      expect(await countLeads(operator, formId)).toBe(0);
      expect(loggedOfKind('fault')).toMatchObject([{ fault: 'unavailable' }]);
      expect(loggedLines().join('\n')).not.toContain('upstream text');
    });
  }

  it('that is not there at all: 503 within 3 s', async ({ expect }) => {
    const { key } = await makeForm();
    const startedAt = Date.now();
    const answer = await callWith({ TURSO_DATABASE_URL: closedPort }, '/v1/leads', {
      key,
      json: makePerson(),
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('Retry-After')).toBe('5');
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });

  for (const code of ['SQLITE_BUSY', 'TRANSACTION_TIMEOUT']) {
    it(`that answers ${code} once: the lead is stored at the second try`, async ({ expect }) => {
      const { key, formId } = await makeForm();
      const database = faulty('database', `write-once-error-${code}`);
      const answer = await callWith({ TURSO_DATABASE_URL: database.url + '/' }, '/v1/leads', {
        key,
        json: makePerson(),
      });
      expect(answer.status).toBe(201);
      expect(await countLeads(operator, formId)).toBe(1);
    });
  }

  for (const headers of [{}, { 'Idempotency-Key': 'once' }] as Record<string, string>[]) {
    const name = 'Idempotency-Key' in headers ? 'with' : 'without';
    it(`that stores a lead ${name} an idempotency key, but whose answer is lost: one lead, 201`, async ({
      expect,
    }) => {
      const { key, formId } = await makeForm();
      const database = faulty('database', 'write-lost-answer');
      const answer = await callWith({ TURSO_DATABASE_URL: database.url + '/' }, '/v1/leads', {
        key,
        json: makePerson(),
        headers,
      });
      expect(answer.status).toBe(201);
      const { id } = await answer.json<{ id: string }>();
      const stored = await rowsOf<{ id: string }>(
        operator,
        sql`SELECT id FROM leads WHERE form_id = ${formId}`,
      );
      expect(stored).toEqual([{ id }]);
    });
  }

  it('that loses the answer to a change: the change is made once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const created = await callWith({}, '/v1/leads', { key, json: makePerson() });
    const { id } = await created.json<{ id: string }>();
    const database = faulty('database', 'write-lost-answer');
    const answer = await callWith({ TURSO_DATABASE_URL: database.url + '/' }, `/v1/leads/${id}`, {
      method: 'PATCH',
      key,
      json: { status: 'contacted' },
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'contacted', version: 2 });
  });

  it('that loses the answer to a deletion: 204, and it is noted once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const created = await callWith({}, '/v1/leads', { key, json: makePerson() });
    const { id } = await created.json<{ id: string }>();
    const database = faulty('database', 'write-lost-answer');
    const bindings = { TURSO_DATABASE_URL: database.url + '/' };
    const answer = await callWith(bindings, `/v1/leads/${id}`, { method: 'DELETE', key });
    expect(answer.status).toBe(204);
    expect(await database.seen()).toHaveLength(2);
    expect((await callWith({}, `/v1/leads/${id}`, { key })).status).toBe(404);
    const noted = await rowsOf(operator, sql`SELECT id FROM audit_log WHERE target_id = ${id}`);
    expect(noted).toHaveLength(1);
    const again = await callWith(bindings, `/v1/leads/${id}`, { method: 'DELETE', key });
    expect(again.status).toBe(404);
  });

  it('that does not understand us: 500 without its words, and a report', async ({ expect }) => {
    const { key } = await makeForm();
    const database = faulty('database', 'write-error-SQLITE_ERROR');
    const answer = await callWith({ TURSO_DATABASE_URL: database.url + '/' }, '/v1/leads', {
      key,
      json: makePerson(),
    });
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'internal' });
    expect(text).not.toContain('upstream text');
    expect(loggedOfKind('fault')).toMatchObject([{ fault: 'internal', names: ['DatabaseBug'] }]);
  });
});

import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { LeadJson } from '../../src/leads/contract.ts';
import { call, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { makeLead } from './data.ts';

describe('POST /v1/leads', () => {
  it('stores a lead and shows it to the secret key that sent it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const person = makePerson();

    const created = await call('/v1/leads', { key, json: { ...person, position: ' CTO ' } });
    expect(created.status).toBe(201);
    const lead = await created.json<LeadJson>();
    expect(lead).toMatchObject({ ...person, position: 'CTO', status: 'new', version: 1 });
    expect(created.headers.get('Location')).toBe(`/v1/leads/${lead.id}`);

    const read = await call(`/v1/leads/${lead.id}`, { key });
    expect(await read.json()).toEqual(lead);
  });

  it('keeps every field that a secret key may set', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { formId } = await makeForm();
    const given = {
      ...makePerson(),
      position: 'Head of Sales',
      company_name: 'Müller & Söhne',
      source: 'fair',
      status: 'qualified',
      category: 'enterprise',
      form_id: formId,
      attribution: { utm_source: 'mail', gclid: 'a-1', page: 'https://shop.example/?a=1' },
    };
    const lead = await makeLead(key, given);
    expect(lead).toEqual({
      ...given,
      id: expect.stringMatching(/^lead_[0-9a-z]{26}$/),
      version: 1,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: lead.created_at,
    });
  });

  it('needs a name and one way to answer; all else is empty or new', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { full_name, phone_number } = makePerson();
    const response = await call('/v1/leads', { key, json: { full_name, phone_number } });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      position: null,
      company_name: null,
      email: null,
      source: null,
      status: 'new',
      category: null,
      notes: null,
      attribution: {},
      form_id: null,
    });
  });

  it('takes the empty fields of a form for fields that were left out', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const empty = { phone_number: '', position: ' ', source: '', attribution: { utm_term: '' } };
    const lead = await makeLead(key, empty);
    expect(lead).toMatchObject({
      phone_number: null,
      position: null,
      source: null,
      attribution: {},
    });
  });

  it('tells a publishable key nothing but the id, and applies the defaults of its form', async ({
    expect,
  }) => {
    const { key, formId } = await makeForm();
    const secret = await makeSecretKey();

    const created = await call('/v1/leads', { key, json: makePerson() });
    expect(created.status).toBe(201);
    const answer = await created.json<{ id: string }>();
    expect(Object.keys(answer)).toEqual(['id']);

    const read = await call(`/v1/leads/${answer.id}`, { key: secret.key });
    expect(await read.json()).toMatchObject({ form_id: formId, source: 'test', status: 'new' });
  });

  it('prefers what the visitor says to the defaults of the form', async ({ expect }) => {
    const { key } = await makeForm();
    const secret = await makeSecretKey();
    const { id } = await makeLead(key, { source: 'leaflet', category: 'repair' });
    const read = await call(`/v1/leads/${id}`, { key: secret.key });
    expect(await read.json()).toMatchObject({ source: 'leaflet', category: 'repair' });
  });

  it('keeps what was sent, as it was sent, with its sender but without the address', async ({
    expect,
  }) => {
    const { key, formId } = await makeForm();
    const person = makePerson();
    const sent = { ...person, full_name: ` ${person.full_name} ` };
    const headers = { 'User-Agent': 'Browser of a test' };
    await call('/v1/leads', { key, json: sent, headers });

    const rows = await rowsOf<Record<string, unknown>>(
      operator,
      sql`SELECT payload, verdict, user_agent, ip_hash FROM submissions WHERE form_id = ${formId}`,
    );
    expect(rows).toEqual([
      {
        payload: JSON.stringify(sent),
        verdict: 'accepted',
        user_agent: 'Browser of a test',
        ip_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });
});

import { describe, it } from 'vitest';
import { call, makeForm, makeSecretKey } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';

describe('POST /v1/leads', () => {
  it('stores a lead and shows it to the secret key that sent it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const person = makePerson();

    const created = await call('/v1/leads', { key, json: { ...person, position: ' CTO ' } });
    expect(created.status).toBe(201);
    const lead = await created.json<{ id: string }>();
    expect(lead).toMatchObject({ ...person, position: 'CTO', status: 'new', version: 1 });
    expect(created.headers.get('Location')).toBe(`/v1/leads/${lead.id}`);

    const read = await call(`/v1/leads/${lead.id}`, { key });
    expect(await read.json()).toEqual(lead);
  });

  it('tells a publishable key nothing but the id, and applies the defaults of its form', async ({ expect }) => {
    const { key, formId } = await makeForm();
    const secret = await makeSecretKey();

    const created = await call('/v1/leads', { key, json: makePerson() });
    expect(created.status).toBe(201);
    const answer = await created.json<{ id: string }>();
    expect(Object.keys(answer)).toEqual(['id']);

    const read = await call(`/v1/leads/${answer.id}`, { key: secret.key });
    expect(await read.json()).toMatchObject({ form_id: formId, source: 'test', status: 'new' });
  });
});

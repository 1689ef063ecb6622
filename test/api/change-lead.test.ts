import { describe, it } from 'vitest';
import type { LeadJson } from '../../src/leads/contract.ts';
import { call, makeSecretKey } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeLead, readList } from './data.ts';

type Event = { type: string; version: number; changes: Record<string, unknown> | null };

function patch(key: string, id: string, json: unknown, ifMatch?: string): Promise<Response> {
  const headers = ifMatch === undefined ? {} : { 'If-Match': ifMatch };
  return call(`/v1/leads/${id}`, { method: 'PATCH', key, json, headers });
}

async function readLead(key: string, id: string): Promise<LeadJson> {
  return (await call(`/v1/leads/${id}`, { key })).json<LeadJson>();
}

describe('PATCH /v1/leads/{id}', () => {
  it('changes what is named, empties what is null, and makes a new version', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const lead = await makeLead(key, { position: 'CTO', source: 'fair' });
    const { email } = makePerson();
    const changes = { email, position: null, status: 'contacted', notes: ' Called. ' };
    const response = await patch(key, lead.id, changes);
    expect(response.status).toBe(200);
    expect(response.headers.get('ETag')).toBe('"2"');
    const changed = await response.json<LeadJson>();
    expect(changed).toEqual({
      ...lead,
      email,
      position: null,
      status: 'contacted',
      notes: 'Called.',
      version: 2,
      updated_at: expect.any(String),
    });
    expect(changed.updated_at >= lead.updated_at).toBe(true);
    expect(await readLead(key, lead.id)).toEqual(changed);
  });

  it('makes no new version when nothing would change', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const lead = await makeLead(key);
    const response = await patch(key, lead.id, { full_name: ` ${lead.full_name} `, status: 'new' });
    expect(response.headers.get('ETag')).toBe('"1"');
    expect(await response.json()).toEqual(lead);
    const events = await readList<Event>(`/v1/leads/${lead.id}/events`, key);
    expect(events.data.map((event) => event.type)).toEqual(['created']);
  });

  for (const known of ['"1"', '*', '"3", "1"', ' "1" ']) {
    it(`takes a change from a writer that knows the version: If-Match ${known}`, async ({
      expect,
    }) => {
      const { key } = await makeSecretKey();
      const { id } = await makeLead(key);
      expect((await patch(key, id, { status: 'lost' }, known)).status).toBe(200);
    });
  }

  it('refuses a writer that knows an older version, and says which there is', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    await patch(key, id, { status: 'contacted' });
    for (const change of [{ status: 'lost' }, { status: 'contacted' }]) {
      const response = await patch(key, id, change, '"1"');
      await expectProblem(expect, response, 412, 'precondition_failed');
      expect(response.headers.get('ETag')).toBe('"2"');
    }
    expect(await readLead(key, id)).toMatchObject({ status: 'contacted', version: 2 });
  });

  for (const header of ['"one"', '"0"', '"9999999999999999"', 'W/"2"']) {
    it(`refuses a writer with a tag that is not ours: ${header}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const { id } = await makeLead(key);
      const response = await patch(key, id, { status: 'lost' }, header);
      await expectProblem(expect, response, 412, 'precondition_failed');
    });
  }

  it('takes a tag that a proxy made weak', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    expect((await patch(key, id, { status: 'lost' }, 'W/"1"')).status).toBe(200);
  });

  for (const header of ['1', '"1" "2"', '"1",']) {
    it(`refuses an If-Match that is no list of ETags: ${header}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const { id } = await makeLead(key);
      const response = await patch(key, id, { status: 'lost' }, header);
      expect(await refusedFields(expect, response)).toEqual({ 'If-Match': 'invalid_header' });
    });
  }

  it('never leaves a lead that nobody could answer', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const lead = await makeLead(key);
    const both = await patch(key, lead.id, { email: null, phone_number: '' });
    expect(await refusedFields(expect, both)).toEqual({ email: 'required' });

    expect((await patch(key, lead.id, { phone_number: null })).status).toBe(200);
    const last = await patch(key, lead.id, { email: null });
    expect(await refusedFields(expect, last)).toEqual({ email: 'required' });
    expect(await readLead(key, lead.id)).toMatchObject({ email: lead.email, phone_number: null });
  });

  it('refuses what it cannot set', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const lead = await makeLead(key);
    const refused: [changes: Record<string, unknown>, errors: Record<string, string>][] = [
      [{}, { '': 'invalid' }],
      [{ full_name: null }, { full_name: 'invalid_type' }],
      [{ full_name: '42' }, { full_name: 'only_digits' }],
      [{ status: null }, { status: 'invalid_value' }],
      [{ email: 'nobody' }, { email: 'invalid_email' }],
      [{ id: 'lead_mine', status: 'lost' }, { id: 'unknown_field' }],
      [{ version: 5, status: 'lost' }, { version: 'unknown_field' }],
      [{ form_id: null, status: 'lost' }, { form_id: 'unknown_field' }],
      [{ created_at: '2020-01-01T00:00:00Z', status: 'lost' }, { created_at: 'unknown_field' }],
    ];
    for (const [changes, errors] of refused) {
      const response = await patch(key, lead.id, changes);
      expect(await refusedFields(expect, response)).toEqual(errors);
    }
    expect(await readLead(key, lead.id)).toEqual(lead);
  });

  it('loses no change of writers that come at once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    const changes = [{ position: 'CEO' }, { company_name: 'Acme' }, { category: 'vip' }];
    const answers = await Promise.all(changes.map((change) => patch(key, id, change)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await readLead(key, id)).toMatchObject({
      position: 'CEO',
      company_name: 'Acme',
      category: 'vip',
      version: 4,
    });
    const { data } = await readList<Event>(`/v1/leads/${id}/events`, key);
    expect(data.map((event) => event.version)).toEqual([1, 2, 3, 4]);
    expect(data.flatMap((event) => Object.keys(event.changes ?? {})).toSorted()).toEqual(
      changes.flatMap((change) => Object.keys(change)).toSorted(),
    );
  });

  it('lets one of two writers through that know the same version', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    const answers = await Promise.all(
      ['CEO', 'CTO'].map((position) => patch(key, id, { position }, '"1"')),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 412]));
    expect((await readLead(key, id)).version).toBe(2);
  });

  it('knows no lead that is not there', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const response = await patch(key, 'lead_none', { status: 'lost' });
    await expectProblem(expect, response, 404, 'not_found');
  });
});

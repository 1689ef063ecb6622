import { describe, it } from 'vitest';
import { call, makeForm, makeSecretKey } from '../support/harness.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeLead, readList } from './data.ts';

type Event = { id: string; type: string; version: number; actor: string; changes: unknown };

const readEvents = (key: string, id: string, query: Record<string, string> = {}) =>
  readList<Event>(`/v1/leads/${id}/events`, key, query);

describe('GET /v1/leads/{id}/events', () => {
  it('tells what happened to a lead: who, when, and each value before and after', async ({
    expect,
  }) => {
    const form = await makeForm();
    const editor = await makeSecretKey();
    const { id } = await makeLead(form.key, { full_name: 'Ada Byron' });
    const changes = { full_name: 'Ada Lovelace', company_name: 'Engines', status: 'contacted' };
    await call(`/v1/leads/${id}`, { method: 'PATCH', key: editor.key, json: changes });

    const shared = {
      id: expect.stringMatching(/^evt_/),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    };
    expect((await readEvents(editor.key, id)).data).toEqual([
      {
        ...shared,
        type: 'created',
        version: 1,
        actor: form.id,
        changes: null,
        submission_id: expect.stringMatching(/^sub_/),
      },
      {
        ...shared,
        type: 'updated',
        version: 2,
        actor: editor.id,
        submission_id: null,
        changes: {
          full_name: ['Ada Byron', 'Ada Lovelace'],
          company_name: [null, 'Engines'],
          status: ['new', 'contacted'],
        },
      },
    ]);
  });

  it('comes in pages, oldest first', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    for (const status of ['contacted', 'qualified', 'converted', 'lost']) {
      await call(`/v1/leads/${id}`, { method: 'PATCH', key, json: { status } });
    }
    const versions: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await readEvents(key, id, { limit: '2', ...(cursor === '' ? {} : { cursor }) });
      versions.push(...page.data.map((event) => event.version));
      cursor = page.page.next_cursor;
    }
    expect(versions).toEqual([1, 2, 3, 4, 5]);
  });

  it('shows the events of this lead alone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [one, other] = [await makeLead(key), await makeLead(key)];
    const [ofOne, ofOther] = [await readEvents(key, one.id), await readEvents(key, other.id)];
    expect(ofOne.data).toHaveLength(1);
    expect(ofOther.data).toHaveLength(1);
    expect(ofOne.data[0]?.id).not.toBe(ofOther.data[0]?.id);
  });

  it('refuses filters, cursors of other lists, and unknown leads', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [lead] = [await makeLead(key), await makeLead(key)];
    const path = `/v1/leads/${lead.id}/events`;
    const filtered = await call(`${path}?type=created`, { key });
    expect(await refusedFields(expect, filtered)).toEqual({ type: 'unknown_field' });

    const { page } = await readList('/v1/leads', key, { limit: '1' });
    const foreign = await call(`${path}?cursor=${page.next_cursor}`, { key });
    await expectProblem(expect, foreign, 400, 'invalid_cursor');
    const unknown = await call('/v1/leads/lead_none/events', { key });
    await expectProblem(expect, unknown, 404, 'not_found');
  });
});

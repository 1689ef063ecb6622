import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { LeadJson } from '../../src/leads/contract.ts';
import { call, makeForm, makeSecretKey } from '../support/harness.ts';
import { randomWord } from '../support/people.ts';
import { refusedFields } from './answers.ts';
import { makeLead, readList, runSql } from './data.ts';

type Query = Record<string, string>;

const listLeads = (key: string, query: Query) => readList<LeadJson>('/v1/leads', key, query);

async function listIds(key: string, query: Query): Promise<string[]> {
  return (await listLeads(key, query)).data.map((lead) => lead.id);
}

/** A time that no other lead has, so that a list around it holds this test's leads alone. */
const someTime = () => Math.floor(Math.random() * Date.parse('2010-01-01T00:00:00Z'));

const setCreated = (id: string, at: number) =>
  runSql(sql`UPDATE leads SET created_at = ${at} WHERE id = ${id}`);

describe('GET /v1/leads filters', () => {
  for (const filter of ['category', 'source'] as const) {
    it(`by ${filter}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const word = randomWord();
      const { id } = await makeLead(key, { [filter]: word });
      await makeLead(key, { [filter]: `${word}2` });
      expect(await listIds(key, { [filter]: word })).toEqual([id]);
    });
  }

  it('by form_id', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [form, other] = [await makeForm(), await makeForm()];
    const { id } = await makeLead(form.key);
    await makeLead(other.key);
    expect(await listIds(key, { form_id: form.formId })).toEqual([id]);
  });

  it('by status', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key, { status: 'lost' });
    const other = await makeLead(key, { status: 'converted' });
    const at = someTime();
    await setCreated(id, at);
    await setCreated(other.id, at);
    const page = await listLeads(key, { status: 'lost', sort: 'created_at', limit: '200' });
    expect(page.data.map((lead) => lead.id)).toContain(id);
    expect(new Set(page.data.map((lead) => lead.status))).toEqual(new Set(['lost']));
  });

  it('by created_after, from that moment on', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [at, { id }] = [someTime(), await makeLead(key)];
    await setCreated(id, at);
    const first = (after: number) =>
      listIds(key, {
        created_after: new Date(after).toISOString(),
        sort: 'created_at',
        limit: '1',
      });
    expect(await first(at)).toEqual([id]);
    expect(await first(at + 1)).not.toEqual([id]);
  });

  it('by created_before, up to that moment', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [at, { id }] = [someTime(), await makeLead(key)];
    await setCreated(id, at);
    const last = (before: number) =>
      listIds(key, { created_before: new Date(before).toISOString(), limit: '1' });
    expect(await last(at + 1)).toEqual([id]);
    expect(await last(at)).not.toEqual([id]);
  });

  it('by times of any zone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    const { id } = await makeLead(key, { source });
    await setCreated(id, Date.parse('2001-05-05T12:00:00Z'));
    expect(await listIds(key, { source, created_after: '2001-05-05T14:00:00+02:00' })).toEqual([
      id,
    ]);
    expect(await listIds(key, { source, created_before: '2001-05-05T14:00:00+02:00' })).toEqual([]);
  });

  it('by all of it at once: each condition counts', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { formId } = await makeForm();
    const [word, at] = [randomWord(), someTime()];
    const fields = {
      full_name: `Ada ${word}`,
      status: 'contacted',
      category: word,
      source: word,
      form_id: formId,
    };
    const { id } = await makeLead(key, fields);
    await setCreated(id, at);
    const query = {
      status: 'contacted',
      category: word,
      source: word,
      form_id: formId,
      q: word,
      created_after: new Date(at).toISOString(),
      created_before: new Date(at + 1).toISOString(),
    };
    expect(await listIds(key, query)).toEqual([id]);

    const misses: Query = {
      status: 'new',
      category: 'other',
      source: 'other',
      form_id: 'form_other',
      q: `${word}x`,
      created_after: new Date(at + 1).toISOString(),
      created_before: new Date(at).toISOString(),
    };
    for (const [name, value] of Object.entries(misses)) {
      expect(await listIds(key, { ...query, [name]: value }), name).toEqual([]);
    }
  });

  it('by nothing that it does not know', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const wrong: [query: string, field: string, code: string][] = [
      ['colour=red', 'colour', 'unknown_field'],
      ['__proto__=x', '__proto__', 'unknown_field'],
      ['status=hot', 'status', 'invalid_value'],
      ['sort=full_name', 'sort', 'invalid_value'],
      ['created_after=yesterday', 'created_after', 'invalid_format'],
      ['created_before=2026-02-30T00:00:00Z', 'created_before', 'invalid_format'],
      ['q=', 'q', 'too_short'],
      ['q=%00', 'q', 'invalid_text'],
      ['source=a&source=b', 'source', 'repeated'],
    ];
    for (const [query, field, code] of wrong) {
      const fields = await refusedFields(expect, await call(`/v1/leads?${query}`, { key }));
      expect(Object.entries(fields), query).toEqual([[field, code]]);
    }
  });
});

describe('GET /v1/leads sorts', () => {
  for (const column of ['created_at', 'updated_at'] as const) {
    it(`by ${column}, both ways`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const source = randomWord();
      const ids: string[] = [];
      for (const at of [300, 100, 200]) {
        const { id } = await makeLead(key, { source });
        // The other column runs the other way, so that a sort by the wrong one shows.
        const other = column === 'created_at' ? sql`updated_at` : sql`created_at`;
        const named = column === 'created_at' ? sql`created_at` : sql`updated_at`;
        await runSql(sql`UPDATE leads SET ${named} = ${at}, ${other} = ${-at} WHERE id = ${id}`);
        ids.push(id);
      }
      const [late, early, middle] = ids;
      expect(await listIds(key, { source, sort: column })).toEqual([early, middle, late]);
      expect(await listIds(key, { source, sort: `-${column}` })).toEqual([late, middle, early]);
    });
  }

  it('newest first when nothing is said', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    const [old, young] = [await makeLead(key, { source }), await makeLead(key, { source })];
    await setCreated(old.id, 1_000);
    expect(await listIds(key, { source })).toEqual([young.id, old.id]);
  });
});

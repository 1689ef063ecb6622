import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { LeadJson } from '../../src/leads/contract.ts';
import { call, makeSecretKey } from '../support/harness.ts';
import { randomWord } from '../support/people.ts';
import { expectProblem, refusedFields, type List } from './answers.ts';
import { makeLead, readList, runSql } from './data.ts';

const listLeads = (key: string, query: Record<string, string>) =>
  readList<LeadJson>('/v1/leads', key, query);

async function makeLeads(key: string, source: string, count: number): Promise<string[]> {
  const leads = await Promise.all(Array.from({ length: count }, () => makeLead(key, { source })));
  return leads.map((lead) => lead.id);
}

/** Reads a list to its end, and lets something happen after each page. */
async function walk(
  key: string,
  query: Record<string, string>,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { data, page } = await listLeads(key, { ...query, ...(cursor === '' ? {} : { cursor }) });
    ids.push(...data.map((lead) => lead.id));
    cursor = page.next_cursor;
    if (cursor !== null) await between();
  }
  return ids;
}

describe('GET /v1/leads in pages', () => {
  for (const sort of ['created_at', '-created_at', 'updated_at', '-updated_at']) {
    it(`by ${sort} shows each lead once, even those of one moment`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const source = randomWord();
      const ids = await makeLeads(key, source, 7);
      await runSql(sql`UPDATE leads SET created_at = 5, updated_at = 6 WHERE source = ${source}`);
      const walked = await walk(key, { source, sort, limit: '2' });
      const ordered = ids.toSorted();
      expect(walked).toEqual(sort.startsWith('-') ? ordered.toReversed() : ordered);
    });
  }

  it('newest first, neither skips nor repeats a lead while others come in', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    const ids = await makeLeads(key, source, 7);
    const walked = await walk(key, { source, limit: '2' }, () => makeLeads(key, source, 3));
    expect(walked.toSorted()).toEqual(ids.toSorted());
  });

  it('oldest first, comes to the leads that came in meanwhile', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    const ids = await makeLeads(key, source, 5);
    let more = 2;
    const walked = await walk(key, { source, sort: 'created_at', limit: '2' }, async () => {
      more -= 1;
      if (more >= 0) ids.push(...(await makeLeads(key, source, 1)));
    });
    expect(walked.toSorted()).toEqual(ids.toSorted());
  });

  it('goes on where it was when the lead at the edge is deleted', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    await makeLeads(key, source, 4);
    const all = await walk(key, { source });
    const first = await listLeads(key, { source, limit: '2' });
    await call(`/v1/leads/${all[1]}`, { method: 'DELETE', key });
    const rest = await walk(key, { source, cursor: first.page.next_cursor ?? '' });
    expect(rest).toEqual(all.slice(2));
  });

  it('says whether there is more, and links to it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    await makeLeads(key, source, 3);
    const first = await call(`/v1/leads?limit=2&source=${source}`, { key });
    const { page } = await first.json<List<LeadJson>>();
    expect(page).toEqual({ next_cursor: expect.any(String), has_more: true, limit: 2 });
    const link = /^<(\/v1\/leads\?[^>]+)>; rel="next"$/.exec(first.headers.get('Link') ?? '');
    const query = new URLSearchParams(link?.[1]?.split('?')[1]);
    expect(Object.fromEntries(query)).toEqual({ limit: '2', source, cursor: page.next_cursor });

    const last = await call(link?.[1] ?? '', { key });
    const end = await last.json<List<LeadJson>>();
    expect(end.data).toHaveLength(1);
    expect(end.page).toEqual({ next_cursor: null, has_more: false, limit: 2 });
    expect(last.headers.get('Link')).toBeNull();
  });

  it('promises no further page when the last one is just full', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    await makeLeads(key, source, 2);
    const { page } = await listLeads(key, { source, limit: '2' });
    expect(page).toEqual({ next_cursor: null, has_more: false, limit: 2 });
  });

  it('of 50 unless told otherwise, and of 200 at most', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    expect((await listLeads(key, { source })).page.limit).toBe(50);
    for (const limit of ['1', '200']) {
      expect((await listLeads(key, { source, limit })).page.limit).toBe(Number(limit));
    }
    for (const limit of ['0', '201', '-1', '1.5', 'ten', '', '1e99']) {
      const refused = await call(`/v1/leads?limit=${limit}`, { key });
      expect(Object.keys(await refusedFields(expect, refused)), limit).toEqual(['limit']);
    }
  });
});

describe('a cursor', () => {
  it('is refused under another sort than its own', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    await makeLeads(key, source, 2);
    const { page } = await listLeads(key, { source, limit: '1', sort: 'created_at' });
    const query = new URLSearchParams({
      source,
      sort: '-created_at',
      cursor: page.next_cursor ?? '',
    });
    const response = await call(`/v1/leads?${query}`, { key });
    await expectProblem(expect, response, 400, 'invalid_cursor');
  });

  const forged: [name: string, text: string][] = [
    ['no JSON', 'hello'],
    ['no position', '{}'],
    ['a position without its id', '["-created_at",5]'],
    ['a time that is no number', '["-created_at","5","lead_a"]'],
    ['a time out of bounds', '["-created_at",1e300,"lead_a"]'],
    ['an id with half a character', String.raw`["-created_at",5,"\ud800"]`],
    ['an id with a NUL', String.raw`["-created_at",5,"lead_\u0000"]`],
    ['an id without end', `["-created_at",5,"${'a'.repeat(100)}"]`],
  ];
  for (const [name, text] of forged) {
    it(`of ${name} is refused`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const response = await call(`/v1/leads?cursor=${encodeURIComponent(btoa(text))}`, { key });
      await expectProblem(expect, response, 400, 'invalid_cursor');
    });
  }

  it('that is no base64, or empty, is refused', async ({ expect }) => {
    const { key } = await makeSecretKey();
    for (const cursor of ['', '!', '%F0%9F']) {
      const response = await call(`/v1/leads?cursor=${cursor}`, { key });
      await expectProblem(expect, response, 400, 'invalid_cursor');
    }
  });
});

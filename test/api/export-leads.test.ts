import { parse } from 'csv-parse/sync';
import { describe, it } from 'vitest';
import { call, makeSecretKey } from '../support/harness.ts';
import { randomWord } from '../support/people.ts';
import { expectProblem, expectSecurityHeaders, refusedFields } from './answers.ts';
import { makeLead } from './data.ts';
import { actsOf, exportCsv, readCsv, readNdjson } from './exports.ts';

describe('GET /v1/leads/export', () => {
  it('is a CSV file that a browser saves, of every field', async ({ expect }) => {
    const { id: keyId, key } = await makeSecretKey(['leads:read', 'leads:write']);
    const source = randomWord();
    const notes = 'Two\nlines, "quoted"';
    const attribution = { utm_source: 'a,b', page: 'https://x.example/?a="1"' };
    const lead = await makeLead(key, { source, notes, attribution, phone_number: '+49 30 123456' });
    const response = await call(`/v1/leads/export?source=${source}&status=new`, { key });
    expect(response.status).toBe(200);
    expectSecurityHeaders(expect, response);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="leads-\d{4}-\d\d-\d\d\.csv"/,
      ),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = new TextDecoder().decode(bytes);
    expect(text).toMatch(/^id,full_name,[^\n]+,version\r\n/);
    const [row, ...others] = readCsv(text);
    expect(others).toEqual([]);
    expect(Object.keys(row ?? {})).toEqual(Object.keys(lead));
    expect({ ...row, attribution: JSON.parse(row?.['attribution'] ?? '') }).toEqual({
      ...Object.fromEntries(
        Object.entries(lead).map(([name, value]) => [name, String(value ?? '')]),
      ),
      phone_number: "'+49 30 123456",
      attribution,
    });
    expect(await actsOf(keyId)).toEqual([
      {
        action: 'leads.exported',
        detail: JSON.stringify({ format: 'csv', filters: ['status', 'source'] }),
      },
    ]);
  });

  it('is NDJSON where that is wanted: each lead as the API shows it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    const lead = await makeLead(key, { source, notes: '=1+1\n"two"', company_name: '+1' });
    const path = `/v1/leads/export?source=${source}`;
    for (const [query, headers] of [
      ['&format=ndjson', {}],
      ['', { Accept: 'application/x-ndjson' }],
    ] as const) {
      const response = await call(path + query, { key, headers });
      expect(response.headers.get('Content-Type')).toBe('application/x-ndjson');
      expect(response.headers.get('Content-Disposition')).toContain('.ndjson"');
      const text = await response.text();
      expect(text.endsWith('\n')).toBe(true);
      expect(readNdjson(text)).toEqual([lead]);
    }
    const asked = await call(`${path}&format=csv`, {
      key,
      headers: { Accept: 'application/x-ndjson' },
    });
    expect(asked.headers.get('Content-Type')).toContain('text/csv');
    expect(readCsv(await asked.text())).toMatchObject([{ id: lead.id, company_name: "'+1" }]);
  });

  it('goes by the filters of the list', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = randomWord();
    const lead = await makeLead(key, { source, category: 'offer', status: 'lost' });
    await makeLead(key, { source, category: 'else' });
    const others: Record<string, string>[] = [
      { category: 'offer' },
      { status: 'lost' },
      { q: lead.email ?? '' },
      {
        q: lead.email ?? '',
        created_after: lead.created_at,
        created_before: '2099-01-01T00:00:00Z',
      },
    ];
    for (const filter of others) {
      const found = await exportCsv(key, { source, ...filter });
      expect(found.map((row) => row['id'])).toEqual([lead.id]);
    }
    expect(await exportCsv(key, { source, form_id: 'form_none' })).toEqual([]);
    expect(await exportCsv(key, { source, created_before: lead.created_at })).toEqual([]);
  });

  it('has a head and no more where nothing is found', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const none = `/v1/leads/export?source=${randomWord()}`;
    const csv = await (await call(none, { key })).text();
    expect(parse(csv, { bom: true })).toHaveLength(1);
    expect(await (await call(`${none}&format=ndjson`, { key })).text()).toBe('');
  });

  it('refuses what it does not know, and a key without the scope', async ({ expect }) => {
    const { key } = await makeSecretKey(['leads:read']);
    const wrong = [
      ['format=xlsx', 'format', 'invalid_value'],
      ['format=', 'format', 'invalid_value'],
      ['status=gone', 'status', 'invalid_value'],
      ['sort=created_at', 'sort', 'unknown_field'],
      ['limit=5', 'limit', 'unknown_field'],
      ['format=csv&format=csv', 'format', 'repeated'],
    ] as const;
    for (const [query, field, code] of wrong) {
      const response = await call(`/v1/leads/export?${query}`, { key });
      expect(await refusedFields(expect, response)).toEqual({ [field]: code });
    }
    const other = await call('/v1/subscribers/export', { key });
    await expectProblem(expect, other, 403, 'insufficient_scope');
    const { key: blind } = await makeSecretKey(['subscribers:read']);
    const response = await call('/v1/leads/export', { key: blind });
    await expectProblem(expect, response, 403, 'insufficient_scope');
  });

  it('is not made for HEAD, which answers the same headers', async ({ expect }) => {
    const { id, key } = await makeSecretKey();
    const response = await call('/v1/leads/export?format=ndjson', { method: 'HEAD', key });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('application/x-ndjson');
    expect(response.headers.get('Content-Disposition')).toContain('attachment');
    expect(await response.text()).toBe('');
    expect(await actsOf(id)).toEqual([]);
  });
});

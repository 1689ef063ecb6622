import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { FormJson, ListedFormJson } from '../../src/forms/contract.ts';
import { faulty } from '../support/faults.ts';
import { call, callWith, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields, type List } from './answers.ts';
import { makeUsedKey, readList, runSql } from './data.ts';

const settings = {
  kind: 'lead',
  name: 'Contact',
  active: true,
  site_name: 'Shop & Co',
  color: '#1a2b3c',
  allowed_origins: ['https://shop.example'],
  redirect_url: 'https://shop.example/thanks',
  error_url: 'https://shop.example/error',
  default_source: 'website',
  default_category: 'press',
  default_status: 'contacted',
  captcha: { provider: 'turnstile', site_key: '0x4AAA', action: 'contact', on_outage: 'refuse' },
  notify_emails: ['sales@shop.example'],
  uploads: { max_files: 2, max_bytes: 1_000_000, kinds: ['image', 'document'] },
  rate_limit: '20/1h',
  repeat_contacts: 'new',
  disposable_emails: 'refuse',
  retention_days: 90,
  list_id: null,
};

describe('POST /v1/forms', () => {
  it('makes a form with all its settings, and shows it', async ({ expect }) => {
    const { id: actor, key } = await makeSecretKey(['forms:write', 'forms:read']);
    const response = await call('/v1/forms', { key, json: settings });
    const form = await response.json<FormJson>();
    expect(response.status).toBe(201);
    expect(response.headers.get('Location')).toBe(`/v1/forms/${form.id}`);
    expect(response.headers.get('ETag')).toBe('"1"');
    expect(form).toEqual({
      ...settings,
      id: expect.stringMatching(/^form_[0-9a-z]{26}$/),
      url: expect.stringMatching(new RegExp(`^https?://[^/]+/f/${form.id}$`)),
      addresses: [{ url: form.url, created_at: form.created_at, retires_at: null }],
      created_at: form.updated_at,
      updated_at: expect.stringMatching(/Z$/),
      version: 1,
    });
    expect(await (await call(`/v1/forms/${form.id}`, { key })).json()).toEqual(form);
    const acts = await rowsOf(
      operator,
      sql`SELECT action, actor FROM audit_log WHERE target_id = ${form.id}`,
    );
    expect(acts).toEqual([{ action: 'form.created', actor }]);
  });

  it('makes one form of a repeated request', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const name = randomWord();
    const headers = { 'Idempotency-Key': name };
    const send = (json: object) => call('/v1/forms', { key, json, headers });
    const [first, second] = [await send({ name }), await send({ name })];
    expect(second.headers.get('Idempotency-Replayed')).toBe('true');
    expect(second.headers.get('ETag')).toBe('"1"');
    expect(await second.json()).toEqual(await first.json());
    const rows = await rowsOf(operator, sql`SELECT id FROM forms WHERE name = ${name}`);
    expect(rows).toHaveLength(1);
    const other = await send({ name, active: false });
    await expectProblem(expect, other, 422, 'idempotency_key_reused');
  });

  it('makes one form where the answer of the database is lost', async ({ expect }) => {
    const key = await makeUsedKey();
    const name = randomWord();
    const database = faulty('database', 'write-lost-answer');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const response = await callWith(bindings, '/v1/forms', { key, json: { name } });
    expect(response.status).toBe(201);
    const { id } = await response.json<FormJson>();
    const rows = await rowsOf(operator, sql`SELECT id FROM forms WHERE name = ${name}`);
    expect(rows).toEqual([{ id }]);
    const tries = (await database.seen()).filter(({ body }) => body.includes('form.created'));
    expect(tries).toHaveLength(2);
  });

  it('names each field that is not valid, also those inside of others', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const refused = await call('/v1/forms', {
      key,
      json: {
        name: ' ',
        color: 'red',
        redirect_url: 'javascript:alert(1)',
        allowed_origins: ['https://a.test', 'a.test'],
        uploads: { max_bytes: 1e9, kinds: ['svg'] },
        captcha: { provider: 'turnstile' },
        webhook: 'https://a.test',
      },
    });
    expect(await refusedFields(expect, refused)).toEqual({
      name: 'too_short',
      color: 'invalid_color',
      redirect_url: 'invalid_url',
      'allowed_origins.1': 'invalid_origin',
      'uploads.max_bytes': 'too_big',
      'uploads.kinds.0': 'invalid_value',
      'captcha.site_key': 'required',
      webhook: 'unknown_field',
    });
  });
});

describe('GET /v1/forms', () => {
  it('lists forms newest first, in pages, all or by whether they take entries', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const at = Math.floor(Math.random() * Date.parse('2010-01-01T00:00:00Z'));
    const made: string[] = [];
    for (let nth = 0; nth < 5; nth += 1) made.push(await makeBareForm({ active: nth !== 2 }));
    const ids = made.toSorted().toReversed();
    for (const id of ids) await runSql(sql`UPDATE forms SET created_at = ${at} WHERE id = ${id}`);

    const walk = async (filter: Record<string, string>, pages: number) => {
      const walked: ListedFormJson[] = [];
      let cursor = btoa(JSON.stringify(['forms', at + 1, 'form_']));
      for (let page = 0; page < pages; page += 1) {
        const query = { ...filter, limit: '2', cursor };
        const list: List<ListedFormJson> = await readList('/v1/forms', key, query);
        walked.push(...list.data);
        cursor = list.page.next_cursor ?? '';
      }
      return walked.filter((form) => ids.includes(form.id));
    };
    expect((await walk({}, 3)).map((form) => form.id).slice(0, 5)).toEqual(ids);
    const open = await walk({ active: 'true' }, 2);
    expect(open.map((form) => form.active)).toEqual([true, true, true, true]);
    const [closed, ...more] = await walk({ active: 'false' }, 1);
    expect(closed?.active).toBe(false);
    expect(more).toEqual([]);
    expect(closed?.url).toMatch(new RegExp(`/f/${closed?.id}$`));
  });

  it('takes no other filter, and no cursor of another list', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const filtered = await call('/v1/forms?name=a&active=1', { key });
    expect(await refusedFields(expect, filtered)).toEqual({
      active: 'invalid_value',
      name: 'unknown_field',
    });
    const foreign = await call(`/v1/forms?cursor=${btoa('["keys",5,"key_a"]')}`, { key });
    await expectProblem(expect, foreign, 400, 'invalid_cursor');
  });
});

describe('GET /v1/forms/{id}', () => {
  it('answers 304 to whoever has this version', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const read = (tag: string) =>
      call(`/v1/forms/${id}`, { key, headers: { 'If-None-Match': tag } });
    const current = await read('"1"');
    expect(current.status).toBe(304);
    expect(current.headers.get('ETag')).toBe('"1"');
    expect(await current.text()).toBe('');
    expect((await read('"2"')).status).toBe(200);
  });

  it('knows no form that is not there', async ({ expect }) => {
    const { key } = await makeSecretKey();
    await expectProblem(expect, await call('/v1/forms/form_none', { key }), 404, 'not_found');
  });
});

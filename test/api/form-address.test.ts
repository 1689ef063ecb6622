import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { FormJson } from '../../src/forms/contract.ts';
import { faulty } from '../support/faults.ts';
import { call, callWith, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { makeUsedKey, runSql } from './data.ts';

const replace = (
  key: string,
  id: string,
  json: unknown = {},
  headers: Record<string, string> = {},
) => call(`/v1/forms/${id}/address`, { key, json, headers });

const read = async (key: string, id: string) =>
  (await call(`/v1/forms/${id}`, { key })).json<FormJson>();

const addressOf = ({ url }: { url: string }) => url.split('/').at(-1) ?? '';

const post = async (address: string) =>
  (await call(`/f/${address}`, { json: makePerson() })).status;

describe('POST /v1/forms/{id}/address', () => {
  it('gives a form an address that nobody can guess, beside the old one', async ({ expect }) => {
    const { id: actor, key } = await makeSecretKey();
    const id = await makeBareForm();
    const response = await replace(key, id, { keep_hours: 2 });
    const form = await response.json<FormJson>();
    expect(response.status).toBe(201);
    expect(response.headers.get('ETag')).toBe('"2"');
    expect(response.headers.get('Location')).toBe(`/v1/forms/${id}`);
    expect(form).toMatchObject({ id, version: 2 });
    expect(addressOf(form)).toMatch(/^[0-9A-Za-z]{24}$/);
    const [newer, older, ...more] = form.addresses;
    expect(more).toEqual([]);
    expect(newer).toEqual({ url: form.url, created_at: form.updated_at, retires_at: null });
    expect(older?.url).toMatch(new RegExp(`/f/${id}$`));
    expect(Date.parse(older?.retires_at ?? '')).toBe(Date.parse(form.updated_at) + 7_200_000);
    expect(await read(key, id)).toEqual(form);
    expect(await post(addressOf(form))).toBe(200);
    expect(await post(id)).toBe(200);
    const acts = await rowsOf(
      operator,
      sql`SELECT action, actor FROM audit_log WHERE target_id = ${id} ORDER BY id DESC LIMIT 1`,
    );
    expect(acts).toEqual([{ action: 'form.address_replaced', actor }]);
  });

  it('with keep_hours 0 stops every address before it, at once', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const second = await (await replace(key, id)).json<FormJson>();
    expect([await post(id), await post(addressOf(second))]).toEqual([200, 200]);
    const third = await (await replace(key, id, { keep_hours: 0 })).json<FormJson>();
    expect([await post(id), await post(addressOf(second))]).toEqual([404, 404]);
    expect(await post(addressOf(third))).toBe(200);
    expect(await read(key, id)).toEqual(third);
  });

  it('never makes an address live longer, and forgets those that are over', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const { addresses } = await (await replace(key, id, { keep_hours: 1 })).json<FormJson>();
    const later = await (await replace(key, id, { keep_hours: 50 })).json<FormJson>();
    expect(later.addresses).toHaveLength(3);
    expect(later.addresses[2]).toEqual(addresses[1]);
    await runSql(sql`UPDATE form_addresses SET retires_at = 5 WHERE address = ${id}`);
    const last = await (await replace(key, id, { keep_hours: 50 })).json<FormJson>();
    expect(last.addresses).toHaveLength(3);
    expect(last.addresses.map(({ url }) => url)).not.toContain(addresses[1]?.url);
    expect(await read(key, id)).toEqual(last);
  });

  it('lets ten old addresses live at most', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    for (let made = 0; made < 9; made += 1) expect((await replace(key, id)).status).toBe(201);
    await expectProblem(expect, await replace(key, id), 409, 'conflict');
    const fresh = await replace(key, id, { keep_hours: 0 });
    expect(fresh.status).toBe(201);
    expect((await replace(key, id)).status).toBe(201);
  });

  it('gives one address to a repeated request', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const headers = { 'Idempotency-Key': randomWord() };
    const first = await replace(key, id, {}, headers);
    const second = await replace(key, id, {}, headers);
    expect(second.headers.get('Idempotency-Replayed')).toBe('true');
    const form = await first.json();
    expect(await second.json()).toEqual(form);
    expect(await read(key, id)).toEqual(form);
    const other = await replace(key, id, { keep_hours: 1 }, headers);
    await expectProblem(expect, other, 422, 'idempotency_key_reused');
  });

  it('gives one after the other to several at once, each with an answer that is true', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const id = await makeBareForm();
    const answers = await Promise.all([1, 2, 3].map(() => replace(key, id)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const forms = await Promise.all(answers.map((answer) => answer.json<FormJson>()));
    forms.sort((one, other) => one.version - other.version);
    expect(forms.map(({ version }) => version)).toEqual([2, 3, 4]);
    const shown = await read(key, id);
    expect(shown).toEqual(forms[2]);
    const urls = shown.addresses.map(({ url }) => url);
    expect(urls).toEqual(expect.arrayContaining(forms.map(({ url }) => url)));
  });

  it.for([true, false])(
    'gives one address where the answer of the database is lost (idempotent: %s)',
    async (idempotent, { expect }) => {
      const key = await makeUsedKey();
      const id = await makeBareForm();
      const database = faulty('database', 'write-lost-answer');
      const headers: Record<string, string> = idempotent ? { 'Idempotency-Key': randomWord() } : {};
      const response = await callWith(
        { TURSO_DATABASE_URL: `${database.url}/` },
        `/v1/forms/${id}/address`,
        { key, json: {}, headers },
      );
      expect(response.status).toBe(201);
      expect(response.headers.get('Idempotency-Replayed')).toBeNull();
      expect(await read(key, id)).toEqual(await response.json());
      const tries = (await database.seen()).filter(({ body }) => body.includes('form.address_'));
      expect(tries).toHaveLength(2);
    },
  );

  it('needs a form, and a number of hours', async ({ expect }) => {
    const { key } = await makeSecretKey();
    await expectProblem(expect, await replace(key, 'form_none'), 404, 'not_found');
    const id = await makeBareForm();
    const refused = await replace(key, id, { keep_hours: 'long', address: 'mine' });
    expect(await refusedFields(expect, refused)).toEqual({
      keep_hours: 'invalid_type',
      address: 'unknown_field',
    });
  });
});

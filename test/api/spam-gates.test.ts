import { sql } from 'drizzle-orm';
import { beforeEach, describe, inject, it } from 'vitest';
import type { NewForm } from '../../src/forms/contract.ts';
import { makeRenderStamp } from '../../src/forms/gates/render-stamp.ts';
import { assetsFrom, watchAssets } from '../support/assets.ts';
import { faulty } from '../support/faults.ts';
import { call, makeBareForm, operator, randomIp, startWorker } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { countLeads, rowsOf } from '../support/rows.ts';
import { loggedOfKind } from '../support/watch-logs.ts';

const secret = inject('bindings')['APP_SECRET'] ?? '';
const script = { Accept: 'application/json' };

type Fields = Record<string, unknown>;

const shownFor = (formId: string, ms: number) => makeRenderStamp(secret, formId, Date.now() - ms);

const makeSpamForm = (settings: Partial<NewForm> = {}) =>
  makeBareForm({ rate_limit: '1000/1h', notify_emails: ['owner@acme.alt'], ...settings });

/** Sends an entry; the person is another one each time. */
function send(formId: string, fields: Fields = {}, more: { by?: typeof call; ip?: string } = {}) {
  const { by = call, ...options } = more;
  const json = { ...makePerson(), ...fields };
  return by(`/f/${formId}`, { ...options, json, headers: script });
}

async function reasonsOf(formId: string): Promise<string[][]> {
  const rows = await rowsOf<{ reasons: string; verdict: string }>(
    operator,
    sql`SELECT reasons, verdict FROM submissions WHERE form_id = ${formId} ORDER BY created_at, id`,
  );
  for (const { reasons, verdict } of rows) {
    if (verdict === 'flagged' && reasons === '[]') throw new Error(`${verdict} ${reasons}`);
  }
  return rows.map(({ reasons }) => JSON.parse(reasons) as string[]);
}

describe('an entry that is taken for spam', () => {
  const spam: [reason: string, fields: Fields, headers?: Record<string, string>][] = [
    ['honeypot', { _gotcha: 'filled in' }],
    ['automated', {}, { 'Formspree-Session-Data': btoa(JSON.stringify({ webdriver: true })) }],
    ['forged_stamp', { _stamp: 'made up' }],
    ['links', { message: 'http://a.alt http://b.alt http://c.alt http://d.alt' }],
    ['markup', { message: '<script>alert(1)</script>' }],
    ['disposable_email', { email: 'somebody@yopmail.com' }],
  ];

  it.for(spam)('is kept apart, with its reason: %s', async ([reason, fields, headers], context) => {
    const { expect } = context;
    const formId = await makeSpamForm();
    const json = { ...makePerson(), ...fields };
    const response = await call(`/f/${formId}`, { json, headers: { ...script, ...headers } });
    expect(response.status).toBe(200);
    expect(await reasonsOf(formId)).toEqual([[reason]]);
    expect(await countLeads(operator, formId)).toBe(0);
    const { id } = await response.json<{ id: string }>();
    const notices = sql`SELECT id FROM outbox WHERE resource_id = ${id}`;
    expect(await rowsOf(operator, notices)).toEqual([]);
  });

  it('is kept with all that speaks against it', async ({ expect }) => {
    const formId = await makeSpamForm();
    await send(formId, {
      _honey: 'x',
      email: 'x@yopmail.com',
      message: '[url=http://a.alt]b[/url]',
    });
    expect(await reasonsOf(formId)).toEqual([['honeypot', 'markup', 'disposable_email']]);
  });

  for (const accept of ['application/json', 'text/html', '*/*']) {
    it(`is answered byte for byte as any other, to ${accept}`, async ({ expect }) => {
      const formId = await makeSpamForm();
      const answers = [{}, { botcheck: 'on' }].map(async (trap) => {
        const body = new URLSearchParams({ ...makePerson(), ...trap });
        const headers = { Accept: accept, 'Content-Type': 'application/x-www-form-urlencoded' };
        const response = await call(`/f/${formId}`, { method: 'POST', body, headers });
        const text = (await response.text())
          .replaceAll(/sub_\w+/g, 'sub_…')
          .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'date');
        const names = [...response.headers].filter(([name]) => name !== 'x-request-id');
        return { status: response.status, headers: names, text };
      });
      const [taken, flagged] = await Promise.all(answers);
      expect(flagged).toEqual(taken);
      expect(new Set(await reasonsOf(formId))).toEqual(new Set([[], ['honeypot']]));
    });
  }

  it('is not refused by a later gate, from which its sender would learn', async ({ expect }) => {
    const formId = await makeSpamForm({ disposable_emails: 'refuse' });
    const response = await send(formId, { _gotcha: 'x', email: 'x@yopmail.com' });
    expect(response.status).toBe(200);
    expect(await reasonsOf(formId)).toEqual([['honeypot']]);
  });
});

describe('a form that refuses throw-away addresses', () => {
  it('names the input', async ({ expect }) => {
    const formId = await makeSpamForm({ disposable_emails: 'refuse' });
    const response = await send(formId, { email: undefined, 'E-Mail': 'x@sub.yopmail.com' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'E-Mail', code: 'DISPOSABLE_EMAIL' }],
    });
    expect((await send(formId)).status).toBe(200);
    expect(await reasonsOf(formId)).toEqual([[]]);
  });

  it('that accepts them never looks at the list', async ({ expect }) => {
    const formId = await makeSpamForm({ disposable_emails: 'accept' });
    const { asked, ASSETS } = assetsFrom(faulty('sink', 'hang').url);
    const email = 'x@yopmail.com';
    expect((await send(formId, { email }, { by: startWorker({ ASSETS }) })).status).toBe(200);
    expect(asked).toEqual([]);
    expect(await reasonsOf(formId)).toEqual([[]]);
  });
});

describe('the list of throw-away domains', () => {
  it('is read once by each isolate', async ({ expect }) => {
    const formId = await makeSpamForm();
    const { asked, ASSETS } = watchAssets();
    const by = startWorker({ ASSETS });
    for (const email of ['x@acme.alt', 'x@yopmail.com', 'x@yopmail.com']) {
      await send(formId, { email, message: randomWord() }, { by });
    }
    expect(asked).toHaveLength(1);
    expect(await reasonsOf(formId)).toEqual([[], ['disposable_email'], ['disposable_email']]);
  });

  const faults = ['hang', 'drop', 'html', 'truncated', 'status-404', 'body-e30'];
  it.for(faults)(
    'that cannot be read lets everybody pass, and the log says so: %s',
    async (fault, context) => {
      const { expect } = context;
      const formId = await makeSpamForm();
      const { asked, ASSETS } = assetsFrom(faulty('redis', fault).url);
      const by = startWorker({ ASSETS });
      for (let entry = 0; entry < 3; entry += 1) {
        const startedAt = Date.now();
        const response = await send(formId, { email: 'x@yopmail.com' }, { by });
        expect(response.status).toBe(200);
        expect(Date.now() - startedAt).toBeLessThan(1_500);
      }
      expect(await reasonsOf(formId)).toEqual([[], [], []]);
      // A minute later it is tried again.
      expect(asked).toHaveLength(1);
      const lines = loggedOfKind('fault').filter((line) => line['fault'] === 'asset_unreadable');
      expect(lines).toMatchObject([{ names: ['disposable-domains.bin', expect.any(String)] }]);
    },
  );
});

/** What a site has put into its form, for visitors to send as it is. */
const prefilled = () => `Hello, I am interested in flat ${randomWord()}. Please send more.`;

describe('a text that comes again and again', () => {
  it.for([
    ['flagged where it leads away', 10, 'See https://seo.alt/now'],
    ['marked where it does not', 12, ''],
  ] as const)(
    'is taken ten times an hour, whoever sends it, and then %s',
    async (way, { expect }) => {
      const [, leads, address] = way;
      const [formId, message] = [await makeSpamForm(), prefilled() + address];
      for (let entry = 0; entry < 12; entry += 1) await send(formId, { notes: undefined, message });
      const reasons = await reasonsOf(formId);
      expect(reasons.filter((each) => each.length === 0)).toHaveLength(10);
      expect(reasons.slice(-2)).toEqual([['repeated_content'], ['repeated_content']]);
      expect(await countLeads(operator, formId)).toBe(leads);
      const other = await makeSpamForm();
      await send(other, { notes: undefined, message });
      expect(await reasonsOf(other)).toEqual([[]]);
    },
  );

  it('says nothing of it in the limits that visitors read', async ({ expect }) => {
    const response = await send(await makeSpamForm(), { notes: undefined, message: prefilled() });
    expect(response.headers.get('RateLimit')).toMatch(/^"intake";r=\d+;t=\d+$/);
  });
});

describe('the facts of a form', () => {
  type Facts = { stamp: string; captcha: unknown; uploads: unknown };
  let formId = '';
  beforeEach(async () => {
    formId = await makeSpamForm();
  });

  const paths = ['/f/:id/config', '/p/shop/f/:id/config', '/s/:id/config', '/submit/:id/config'];
  it.for(paths)('are read by the script of any page: %s', async (path, { expect }) => {
    const headers = { Origin: 'https://www.acme.alt' };
    const response = await call(path.replace(':id', formId), { headers });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'https://www.acme.alt',
      'cache-control': 'no-store',
      'content-type': expect.stringContaining('application/json'),
    });
    expect(await response.json()).toEqual({
      stamp: expect.stringMatching(/^[\da-z]+\.[\da-f]{64}$/),
      captcha: null,
      uploads: null,
    });
  });

  it('hold what a widget needs, and nothing of the rest', async ({ expect }) => {
    const policy = { provider: 'turnstile', site_key: 'site', action: 'contact' } as const;
    const uploads = { max_files: 2, max_bytes: 1_000, kinds: ['image' as const] };
    const captcha = { ...policy, on_outage: 'refuse' as const };
    const other = await makeSpamForm({ captcha, uploads });
    const response = await call(`/f/${other}/config`);
    const facts = await response.json<Facts>();
    expect(facts).toEqual({ stamp: facts.stamp, captcha: policy, uploads });
  });

  it('cost a visitor nothing of what an entry counts in', async ({ expect }) => {
    const [ip, own] = [randomIp(), await makeSpamForm({ rate_limit: '1/1h' })];
    for (let view = 0; view < 30; view += 1) {
      const response = await call(`/f/${own}/config`, { ip });
      expect(response.status).toBe(200);
      expect(response.headers.get('RateLimit')).toBeNull();
    }
    expect((await send(own, {}, { ip })).status).toBe(200);
    expect((await send(own, {}, { ip })).status).toBe(429);
  });

  it('are none where there is no form, or it is closed', async ({ expect }) => {
    expect((await call('/f/form_unknown0000/config', { headers: script })).status).toBe(404);
    const closed = await makeSpamForm({ active: false });
    expect((await call(`/f/${closed}/config`, { headers: script })).status).toBe(403);
  });

  it('come with a stamp that is too young at once', async ({ expect }) => {
    const { stamp } = await (await call(`/f/${formId}/config`)).json<Facts>();
    await send(formId, { _stamp: stamp });
    expect(await reasonsOf(formId)).toEqual([['too_fast']]);
  });
});

describe('a stamp', () => {
  it('that a person took a minute for lets the entry pass, and is not kept with it', async ({
    expect,
  }) => {
    const formId = await makeSpamForm();
    await send(formId, { _stamp: await shownFor(formId, 60_000) });
    expect(await reasonsOf(formId)).toEqual([[]]);
    const [row] = await rowsOf<{ payload: string }>(
      operator,
      sql`SELECT payload FROM submissions WHERE form_id = ${formId}`,
    );
    expect(row?.payload).not.toContain('_stamp');
  });

  it('is good for ten entries an hour', async ({ expect }) => {
    const formId = await makeSpamForm();
    const stamp = await shownFor(formId, 60_000);
    for (let entry = 0; entry < 11; entry += 1) await send(formId, { _stamp: stamp });
    const reasons = await reasonsOf(formId);
    expect(reasons.filter((each) => each.length === 0)).toHaveLength(10);
    expect(reasons.at(-1)).toEqual(['reused_stamp']);
    await send(formId, { _stamp: await shownFor(formId, 61_000) });
    expect((await reasonsOf(formId)).at(-1)).toEqual([]);
  });
});

import { sql } from 'drizzle-orm';
import { describe, it, type ExpectStatic } from 'vitest';
import { makeRenderStamp } from '../../src/forms/gates/render-stamp.ts';
import {
  call,
  makeBareForm,
  makeForm,
  makeSecretKey,
  operator,
  randomIp,
  type Call,
} from '../support/harness.ts';
import { asMultipart, filePart, textPart } from '../support/form-bodies.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem } from './answers.ts';
import { leadsOf, sendEntry, typedBy } from './submissions.ts';

type Foretold = {
  dry_run: boolean;
  verdict: string;
  gates: { gate: string; verdict: string; reason?: string }[];
  lead: Record<string, unknown> | null;
  files: object[];
  errors: { field: string; code: string }[];
  unmapped: string[];
  control: string[];
  repeat: string | null;
  touched_lead_id: string | null;
  notifications: number;
  redirect_to: string;
};

const dry = { 'X-Inlet-Dry-Run': 'true' };

const tryOut = (form: string, sent: Call) => call(`/f/${form}`, { method: 'POST', ...sent });

async function foretell(expect: ExpectStatic, form: string, sent: Call): Promise<Foretold> {
  const { key } = await makeSecretKey(['leads:write']);
  const response = await tryOut(form, { key, ...sent, headers: { ...dry, ...sent.headers } });
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toMatch(/^application\/json/);
  return response.json<Foretold>();
}

function rowsAbout(form: string) {
  return rowsOf(
    operator,
    sql`SELECT id FROM submissions WHERE form_id = ${form}
        UNION ALL SELECT id FROM leads WHERE form_id = ${form}
        UNION ALL SELECT resource_id FROM idempotency_keys WHERE sender = ${form}
        UNION ALL SELECT id FROM outbox WHERE payload LIKE ${`%${form}%`}`,
  );
}

describe('a dry run', () => {
  it('tells all that would become of an entry, and keeps nothing', async ({ expect }) => {
    const form = await makeBareForm({
      notify_emails: ['a@shop.example', 'b@shop.example'],
      redirect_url: 'https://shop.example/thanks',
    });
    const { full_name: fullName, email, notes } = makePerson();
    const foretold = await foretell(expect, form, {
      json: {
        ...{ name: fullName, email, message: notes, shoe_size: '38', tags: ['a', 'b'] },
        ...{ utm_source: 'news', _cc: 'x@example.org', _subject: 'Hi' },
      },
    });
    expect(foretold).toEqual({
      dry_run: true,
      verdict: 'accepted',
      gates: [
        { gate: 'origin', verdict: 'pass' },
        { gate: 'honeypot', verdict: 'pass' },
        { gate: 'automation', verdict: 'pass' },
        { gate: 'render_stamp', verdict: 'pass' },
        { gate: 'stuffing', verdict: 'pass' },
        { gate: 'repeated_content', verdict: 'pass' },
        { gate: 'disposable_email', verdict: 'pass' },
      ],
      lead: expect.objectContaining({
        full_name: fullName,
        email,
        notes,
        source: 'news',
        status: 'new',
        attribution: { utm_source: 'news' },
        form_id: form,
      }),
      files: [],
      errors: [],
      unmapped: ['shoe_size', 'tags'],
      control: ['_cc', '_subject'],
      repeat: 'new',
      touched_lead_id: null,
      notifications: 2,
      redirect_to: 'https://shop.example/thanks',
    });
    expect(foretold.lead).not.toHaveProperty('id');
    expect(await rowsAbout(form)).toEqual([]);
  });

  it('may be asked for by a field, in each encoding, and is answered in JSON', async ({
    expect,
  }) => {
    const form = await makeBareForm();
    const { key } = await makeSecretKey(['leads:write']);
    const fields = { ...typedBy(), _dry_run: 'true' };
    for (const sent of [
      { json: { ...fields, _dry_run: true } },
      { body: new URLSearchParams(fields) },
      asMultipart(Object.entries(fields).map((entry) => textPart(...entry))),
    ] as Call[]) {
      const headers = { ...sent.headers, Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' };
      const response = await tryOut(form, { ...sent, key, headers });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ dry_run: true, verdict: 'accepted' });
    }
    expect(await rowsAbout(form)).toEqual([]);
  });

  it('names the gates that flag, and those that refuse', async ({ expect }) => {
    const form = await makeBareForm({ notify_emails: ['a@shop.example'] });
    const stamp = await makeRenderStamp(operator.config.secrets[0] ?? '', form, Date.now());
    const links = 'http://a.example http://b.example http://c.example http://d.example';
    const flagged = await foretell(expect, form, {
      json: { ...typedBy(), message: links, _gotcha: 'x', _stamp: stamp },
    });
    expect(flagged).toMatchObject({ verdict: 'flagged', repeat: null, notifications: 0 });
    expect(flagged.gates.filter(({ verdict }) => verdict === 'flag')).toEqual([
      { gate: 'honeypot', verdict: 'flag', reason: 'honeypot' },
      { gate: 'render_stamp', verdict: 'flag', reason: 'too_fast' },
      { gate: 'stuffing', verdict: 'flag', reason: 'links' },
    ]);
    expect(flagged.lead).not.toBeNull();

    const bound = await makeBareForm({ allowed_origins: ['https://shop.example'] });
    const refused = await foretell(expect, bound, { json: typedBy() });
    expect(refused).toMatchObject({
      verdict: 'refused',
      gates: [{ gate: 'origin', verdict: 'refuse', reason: 'origin_not_allowed' }],
    });
    const headers = { Origin: 'https://shop.example' };
    expect((await foretell(expect, bound, { json: typedBy(), headers })).verdict).toBe('accepted');
  });

  it('names what is wrong with the lead and with the files', async ({ expect }) => {
    const form = await makeBareForm({ uploads: { max_files: 2, max_bytes: 10, kinds: ['image'] } });
    const foretold = await foretell(
      expect,
      form,
      asMultipart([textPart('E-Mail', 'nobody'), filePart('photo', 'a.png', 'no picture')]),
    );
    expect(foretold).toMatchObject({ verdict: 'refused', lead: null, repeat: null });
    expect(foretold.errors.map(({ field }) => field).toSorted()).toContain('photo');
    expect(foretold.errors).toContainEqual(
      expect.objectContaining({ field: 'E-Mail', code: 'invalid_email' }),
    );
  });

  it('names the open lead that would be touched', async ({ expect }) => {
    for (const policy of ['touch', 'new'] as const) {
      const form = await makeBareForm({ repeat_contacts: policy });
      const fields = typedBy();
      await sendEntry(form, fields);
      const [lead] = await leadsOf(form);
      expect(await foretell(expect, form, { json: fields })).toMatchObject({
        repeat: policy,
        touched_lead_id: policy === 'touch' ? lead : null,
      });
    }
  });

  it('asks the captcha only where there is a token', async ({ expect }) => {
    const captcha = {
      provider: 'turnstile',
      site_key: 'site',
      action: null,
      on_outage: 'accept',
    } as const;
    const form = await makeBareForm({ captcha });
    const foretold = await foretell(expect, form, { json: typedBy() });
    expect(foretold.verdict).toBe('accepted');
    expect(foretold.gates.map(({ gate }) => gate)).not.toContain('captcha');
  });

  it('counts in no window of the visitor or of the text', async ({ expect }) => {
    const form = await makeBareForm({ rate_limit: '1/1h' });
    const ip = randomIp();
    const message = 'I would like to know what all of this costs, and when I can have it.';
    const { key } = await makeSecretKey(['leads:write']);
    for (let n = 0; n < 12; n += 1) {
      const response = await tryOut(form, {
        ...{ ip, key, headers: dry, json: { ...typedBy(), message } },
      });
      expect(await response.json()).toMatchObject({ verdict: 'accepted' });
    }
    const headers = { Accept: 'application/json' };
    const send = () => tryOut(form, { ip, headers, json: { ...typedBy(), message } });
    const { id } = await (await send()).json<{ id: string }>();
    const query = sql`SELECT verdict FROM submissions WHERE id = ${id}`;
    expect(await rowsOf(operator, query)).toEqual([{ verdict: 'accepted' }]);
    expect((await send()).status).toBe(429);
  });
});

describe('a dry run without the right to it', () => {
  it.for(['header', 'field'] as const)(
    'is refused as any request is, and says nothing of the gates: by %s',
    async (by, { expect }) => {
      const { formId: form, key: publishable } = await makeForm();
      const json = { ...typedBy(), _gotcha: 'x', ...(by === 'field' ? { _dry_run: 'true' } : {}) };
      const headers = {
        ...{ Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' },
        ...(by === 'header' ? dry : {}),
      };
      const ask = (key?: string) =>
        tryOut(form, { json, headers, ...(key === undefined ? {} : { key }) });
      const { key: reader } = await makeSecretKey(['leads:read']);
      const { key: mistyped } = await makeSecretKey();
      await expectProblem(expect, await ask(), 401, 'missing_key');
      await expectProblem(expect, await ask(`${mistyped}x`), 401, 'invalid_key');
      await expectProblem(expect, await ask(reader), 403, 'insufficient_scope');
      await expectProblem(expect, await ask(publishable), 403, 'key_kind_not_allowed');
      expect(await rowsAbout(form)).toEqual([]);
    },
  );

  it('answers what cannot be read in JSON as well', async ({ expect }) => {
    const form = await makeBareForm({ error_url: 'https://shop.example/sorry' });
    const { key } = await makeSecretKey();
    const headers = { ...dry, 'Content-Type': 'application/json', 'Sec-Fetch-Mode': 'navigate' };
    const response = await tryOut(form, { key, headers, body: '{' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ ok: false });
  });

  it('is none where the header does not say so: a person is answered as one', async ({
    expect,
  }) => {
    const form = await makeBareForm();
    const headers = {
      ...{ Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' },
      'X-Inlet-Dry-Run': 'false',
    };
    const response = await tryOut(form, { json: typedBy(), headers });
    expect(response.status).toBe(303);
    expect(await rowsAbout(form)).toHaveLength(3);
  });
});

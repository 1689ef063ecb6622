import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import type { SubmissionJson } from '../../src/submissions/contract.ts';
import { call, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { asMultipart, filePart, textPart } from '../support/form-bodies.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { actsOn, makeLead, readList } from './data.ts';
import { sendForm } from './door.ts';
import { read, sendEntry, sendSpam, typedBy } from './submissions.ts';

const list = (key: string, query: Record<string, string>) =>
  readList<SubmissionJson>('/v1/submissions', key, query);

async function idsOf(key: string, query: Record<string, string>): Promise<string[]> {
  return (await list(key, query)).data.map((submission) => submission.id);
}

const remove = (key: string, id: string) =>
  call(`/v1/submissions/${id}`, { method: 'DELETE', key });

describe('GET /v1/submissions', () => {
  it('shows what was sent, and what was made of it', async ({ expect }) => {
    const { key } = await makeSecretKey(['leads:read']);
    const form = await makeBareForm();
    const fields = { ...typedBy(), shoe_size: '38', utm_source: 'news' };
    const id = await sendEntry(form, { ...fields, _next: '/thanks' });
    const shown = await read(key, id);
    expect(shown).toEqual({
      id,
      form_id: form,
      lead_id: expect.stringMatching(/^lead_/),
      verdict: 'accepted',
      reasons: [],
      payload: fields,
      attribution: { utm_source: 'news' },
      ip_hash: expect.stringMatching(/^[\da-f]{64}$/),
      user_agent: null,
      reviewed_by: null,
      reviewed_at: null,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      files: [],
    });
    const { files: _, ...listed } = shown;
    expect((await list(key, { form_id: form })).data).toEqual([listed]);
  });

  it('shows the files that came with it, where it is read alone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const uploads = { max_files: 1, max_bytes: 100, kinds: ['document' as const] };
    const form = await makeBareForm({ uploads });
    const typed = Object.entries(typedBy()).map((entry) => textPart(...entry));
    const sent = asMultipart([...typed, filePart('cv', 'Ada.txt', 'All that I did.')]);
    const { answer } = await sendForm(`/f/${form}`, sent);
    const { files } = await read(key, answer.id ?? '');
    expect(files).toMatchObject([{ field: 'cv', kind: 'document', bytes: 15 }]);
    expect((await list(key, { form_id: form })).data[0]).not.toHaveProperty('files');
  });

  it('lists newest first, page by page', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const sent: string[] = [];
    for (let n = 0; n < 3; n += 1) sent.unshift(await sendEntry(form));
    const first = await list(key, { form_id: form, limit: '2' });
    expect(first.page).toMatchObject({ has_more: true, limit: 2 });
    const cursor = first.page.next_cursor ?? '';
    const second = await list(key, { form_id: form, limit: '2', cursor });
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(sent);
    expect(second.page).toMatchObject({ has_more: false, next_cursor: null });
  });

  it('pages through the spam of one reason, newest first', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    await sendEntry(form);
    const sent: string[] = [];
    for (let n = 0; n < 3; n += 1) sent.unshift(await sendSpam(form));
    const query = { form_id: form, reason: 'honeypot', limit: '2' };
    const first = await list(key, query);
    const second = await list(key, { ...query, cursor: first.page.next_cursor ?? '' });
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(sent);
  });

  it('finds by verdict, each of its reasons, lead and time', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const form = await makeBareForm();
    const good = await sendEntry(form);
    const links = 'https://a.example https://b.example https://c.example https://d.example';
    const spam = await sendSpam(form, { ...typedBy(), message: links });
    const { lead_id: lead, created_at: sentAt } = await read(key, good);
    const of = (query: Record<string, string>) => idsOf(key, { form_id: form, ...query });
    expect(await of({ verdict: 'accepted' })).toEqual([good]);
    expect(await of({ verdict: 'flagged' })).toEqual([spam]);
    expect(await of({ reason: 'honeypot' })).toEqual([spam]);
    expect(await of({ reason: 'links' })).toEqual([spam]);
    expect(await of({ reason: 'markup' })).toEqual([]);
    expect(await idsOf(key, { lead_id: lead ?? '' })).toEqual([good]);
    const day = 86_400_000;
    const at = (ms: number) => new Date(Date.parse(sentAt) + ms).toISOString();
    expect(await of({ created_after: at(day) })).toEqual([]);
    expect(await of({ created_after: at(-day), created_before: at(day) })).toEqual([spam, good]);
    expect(await of({ reason: 'links', created_after: at(-day) })).toEqual([spam]);
    expect(await of({ reason: 'links', created_before: at(-day) })).toEqual([]);
  });

  it('refuses what it cannot be asked', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const words = new URLSearchParams({ verdict: 'perhaps', reason: 'ugly', ip_hash: 'a' });
    expect(await refusedFields(expect, await call(`/v1/submissions?${words}`, { key }))).toEqual({
      verdict: 'invalid_value',
      reason: 'invalid_value',
      ip_hash: 'unknown_field',
    });
  });

  it('shows what came with a key as well', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const person = makePerson();
    const { id: lead } = await makeLead(key, person);
    const [shown] = (await list(key, { lead_id: lead })).data;
    expect(shown).toMatchObject({ form_id: null, lead_id: lead, payload: person });
  });
});

describe('DELETE /v1/submissions/{id}', () => {
  it('empties the spam folder, for good, and notes who did', async ({ expect }) => {
    const { id: keyId, key } = await makeSecretKey();
    const form = await makeBareForm();
    const id = await sendSpam(form);
    const response = await remove(key, id);
    expect(response.status).toBe(204);
    await expectProblem(expect, await call(`/v1/submissions/${id}`, { key }), 404, 'not_found');
    await expectProblem(expect, await remove(key, id), 404, 'not_found');
    const query = sql`SELECT reason FROM submission_reasons WHERE submission_id = ${id}`;
    expect(await rowsOf(operator, query)).toEqual([]);
    expect(await actsOn(id)).toEqual([{ action: 'submission.deleted', actor: keyId, detail: {} }]);
  });

  it('is refused where a lead came of it', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await sendEntry(await makeBareForm());
    await expectProblem(expect, await remove(key, id), 409, 'conflict');
    expect((await read(key, id)).lead_id).not.toBeNull();
  });

  it('answers two at once without failing', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const id = await sendSpam(await makeBareForm());
    const answers = await Promise.all([remove(key, id), remove(key, id)]);
    const statuses = answers.map((answer) => answer.status);
    expect(statuses).toContain(204);
    expect(statuses.every((status) => [204, 404].includes(status))).toBe(true);
    expect(await actsOn(id)).toHaveLength(1);
  });
});

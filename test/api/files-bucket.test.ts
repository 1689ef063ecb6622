import { describe, it } from 'vitest';
import { listFilesOf } from '../../src/files/list-files-of.ts';
import { sql } from 'drizzle-orm';
import { callWith, makeSecretKey, operator, startWorker } from '../support/harness.ts';
import { bucket, bucketWith, hanging, refused, storedOf } from '../support/buckets.ts';
import { makePerson } from '../support/people.ts';
import { countLeads, rowsOf } from '../support/rows.ts';
import { makePdf, makePng } from '../support/sample-files.ts';
import { loggedLines, loggedOfKind } from '../support/watch-logs.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { filesKept, makeFileForm, sendFiles, type Sent } from './entries.ts';

const files: Sent[] = [
  ['photo', 'photo.png', makePng(8, 8)],
  ['cv', 'cv.pdf', makePdf()],
];

async function submissionOf(formId: string): Promise<string> {
  const query = sql`SELECT id FROM submissions WHERE form_id = ${formId}`;
  const [row, ...more] = await rowsOf<{ id: string }>(operator, query);
  if (row === undefined || more.length > 0) throw new Error('not one submission');
  return row.id;
}

describe('a bucket in trouble', () => {
  for (const [name, put] of [
    ['refuses', refused],
    ['never answers', hanging],
  ] as const) {
    it(`that ${name}: the lead is kept, and nobody is told that the files were`, async ({
      expect,
    }) => {
      const formId = await makeFileForm();
      const startedAt = Date.now();
      const send = startWorker({ FILES: bucketWith({ put }) });
      const answer = await sendFiles(formId, files, { send });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('Retry-After')).toBe('5');
      expect(await answer.json()).toMatchObject({ success: false, code: 'FILES_NOT_STORED' });
      expect(Date.now() - startedAt).toBeLessThan(4_000);
      expect(await countLeads(operator, formId)).toBe(1);
      expect(loggedOfKind('fault')).toMatchObject([{ fault: 'files_not_stored' }]);
      expect(loggedLines().join('\n')).not.toContain('upstream text');

      const [missing] = await listFilesOf(operator, await submissionOf(formId));
      expect(missing).toMatchObject({ field: 'photo', filename: 'photo.png', stored: false });
      const { key } = await makeSecretKey(['files:read']);
      const read = await callWith({}, `/v1/files/${missing?.id}`, { key });
      await expectProblem(expect, read, 404, 'not_found');
    });
  }

  for (const headers of [{}, { 'Idempotency-Key': 'once' }] as Record<string, string>[]) {
    const how = 'Idempotency-Key' in headers ? 'under its key' : 'at once';
    it(`that takes one file of two: the same entry, sent again ${how}, has both`, async ({
      expect,
    }) => {
      const formId = await makeFileForm();
      const fields = { ...makePerson() };
      const stored: string[] = [];
      const put = (async (id: string, bytes: Uint8Array) => {
        if (bytes.length === makePdf().length) return refused();
        stored.push(id);
        return bucket.put(id, bytes);
      }) as typeof bucket.put;
      const send = startWorker({ FILES: bucketWith({ put }) });
      const first = await sendFiles(formId, files, { send, headers, fields });
      expect(first.status).toBe(503);
      const sentAgain = { send, headers, fields };
      // As long as the bucket is in trouble, so is the answer.
      expect((await sendFiles(formId, files, sentAgain)).status).toBe(503);

      const second = await sendFiles(formId, files, { ...sentAgain, send: startWorker({}) });
      expect(second.status).toBe(200);
      expect(second.headers.get('Idempotency-Replayed')).toBe('true');
      const kept = await filesKept(second);
      expect(kept).toMatchObject([
        { field: 'photo', id: stored[0], stored: true },
        { field: 'cv', media_type: 'application/pdf', stored: true },
      ]);
      expect(await storedOf([...stored, ...kept.map(({ id }) => id)])).toEqual([
        stored[0],
        ...kept.map(({ id }) => id),
      ]);
      expect(await countLeads(operator, formId)).toBe(1);
      await submissionOf(formId);

      // Once all is there, trouble of the bucket means nothing to a repeat.
      const third = await sendFiles(formId, files, {
        ...sentAgain,
        send: startWorker({ FILES: bucketWith({ put: refused }) }),
      });
      expect(third.status).toBe(200);
    });
  }

  it('that gives no bytes back: 503, and a report where they are gone', async ({ expect }) => {
    const [file] = await filesKept(await sendFiles(await makeFileForm(), files));
    const { key } = await makeSecretKey(['files:read']);
    const FILES = bucketWith({ get: refused });
    const read = await callWith({ FILES }, `/v1/files/${file?.id}`, { key });
    await expectProblem(expect, read, 503, 'unavailable');
    await bucket.delete(file?.id ?? '');
    const gone = await callWith({}, `/v1/files/${file?.id}`, { key });
    await expectProblem(expect, gone, 503, 'unavailable');
    expect(loggedOfKind('fault')).toMatchObject([
      { names: ['AppError', 'R2Error'] },
      { names: ['AppError', 'ObjectMissing'] },
    ]);
  });
});

describe('a deployment without a bucket', () => {
  const send = startWorker({ FILES: undefined });
  const uploads = { kinds: ['image'] };

  it('has no form that takes files', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const made = await send('/v1/forms', { key, json: { name: 'Jobs', uploads } });
    expect(await refusedFields(expect, made)).toEqual({ uploads: 'not_configured' });
    const plain = await send('/v1/forms', { key, json: { name: 'Jobs' } });
    const { id } = await plain.json<{ id: string }>();
    const changed = await send(`/v1/forms/${id}`, { key, method: 'PATCH', json: { uploads } });
    expect(await refusedFields(expect, changed)).toEqual({ uploads: 'not_configured' });
  });

  it('that had one takes entries without files, and keeps the leads of others', async ({
    expect,
  }) => {
    const formId = await makeFileForm();
    expect((await sendFiles(formId, [], { send })).status).toBe(200);
    expect((await sendFiles(formId, files, { send })).status).toBe(503);
    expect(await countLeads(operator, formId)).toBe(2);
  });
});

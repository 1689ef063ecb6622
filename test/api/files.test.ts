import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { call, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { countLeads, rowsOf } from '../support/rows.ts';
import { bucket } from '../support/buckets.ts';
import { bytesOf, makeDocx, makePdf, makePng, makeText } from '../support/sample-files.ts';
import { expectProblem } from './answers.ts';
import { filesKept, makeFileForm, sendFiles, type Sent } from './entries.ts';

const photo: Sent = ['photo', 'Ich – Zoë.PNG', makePng(640, 480)];
const letter: Sent = ['letter', 'letter.js', makeText('Dear Sirs')];

type Refusal = { errors: { field: string; code: string }[] };

async function refusedAs(answer: Response): Promise<string[]> {
  const { errors } = await answer.json<Refusal>();
  return errors.map(({ field, code }) => `${field} ${code.toLowerCase()}`);
}

describe('a file that comes with an entry', () => {
  it('is kept with its submission, in private, and given back as it was', async ({ expect }) => {
    const formId = await makeFileForm();
    const answer = await sendFiles(formId, [photo, letter]);
    expect(answer.status).toBe(200);
    const [image, text] = await filesKept(answer);
    expect(image).toEqual({
      id: expect.stringMatching(/^file_[0-9a-z]{26}$/),
      field: 'photo',
      filename: 'Ich – Zoë.PNG',
      kind: 'image',
      media_type: 'image/png',
      bytes: photo[2].length,
      width: 640,
      height: 480,
      stored: true,
    });
    expect(text).toMatchObject({ field: 'letter', filename: 'letter.js.txt', width: null });

    const { key } = await makeSecretKey(['files:read']);
    const path = `/v1/files/${image?.id}`;
    const read = await call(path, { key });
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(photo[2]);
    expect(Object.fromEntries(read.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(photo[2].length),
      'content-disposition': `attachment; filename="Ich _ Zoe.PNG"; filename*=UTF-8''Ich%20%E2%80%93%20Zo%C3%AB.PNG`,
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      etag: `"${image?.id}"`,
    });

    const object = await bucket.get(image?.id ?? '');
    expect(object?.httpMetadata).toEqual({ contentType: 'application/octet-stream' });
    await object?.arrayBuffer();

    const head = await call(path, { key, method: 'HEAD' });
    expect(head.headers.get('Content-Length')).toBe(String(photo[2].length));
    expect(await head.text()).toBe('');
    const again = await call(path, { key, headers: { 'If-None-Match': `"${image?.id}"` } });
    expect(again.status).toBe(304);
  });

  it('is gone for its reader as soon as its lead is', async ({ expect }) => {
    const formId = await makeFileForm();
    const [file] = await filesKept(await sendFiles(formId, [photo]));
    const { key } = await makeSecretKey();
    const [lead] = await rowsOf<{ id: string }>(
      operator,
      sql`SELECT id FROM leads WHERE form_id = ${formId}`,
    );
    expect((await call(`/v1/files/${file?.id}`, { key })).status).toBe(200);
    await call(`/v1/leads/${lead?.id}`, { key, method: 'DELETE' });
    const read = await call(`/v1/files/${file?.id}`, { key });
    await expectProblem(expect, read, 404, 'not_found');
  });

  it('is refused with all else that is to be mended, and nothing is kept', async ({ expect }) => {
    const formId = await makeFileForm();
    const files: Sent[] = [
      ['photo', 'photo.png', bytesOf('MZ\x90\0', Array(60).fill(0))],
      ['page', 'photo.png', makeText('<svg onload="alert(1)">')],
      ['scan', 'scan.png', makePng(4_001, 10)],
      ['more', 'more.png', makePng(1, 1)],
    ];
    const fields = { ...makePerson(), email: 'nobody' };
    const answer = await sendFiles(formId, files, { fields });
    expect(answer.status).toBe(422);
    expect(await refusedAs(answer)).toEqual([
      'email type_email',
      'photo file_not_allowed',
      'page file_not_allowed',
      'scan image_too_large',
      'more too_many_files',
    ]);
    expect(await countLeads(operator, formId)).toBe(0);
  });

  it('is refused above the size that the form or its kind allows', async ({ expect }) => {
    const formId = await makeFileForm();
    const large = new Uint8Array(1_048_577);
    large.set(makePdf());
    const answer = await sendFiles(formId, [['cv', 'cv.pdf', large]]);
    expect(answer.status).toBe(422);
    expect(await refusedAs(answer)).toEqual(['cv files_too_big']);
  });

  it('is refused by a form that takes none', async ({ expect }) => {
    const formId = await makeBareForm();
    const answer = await sendFiles(formId, [photo]);
    expect(answer.status).toBe(422);
    expect(await refusedAs(answer)).toEqual(['photo no_file_uploads']);
  });

  it('is not refused where an input for files was left empty', async ({ expect }) => {
    const formId = await makeFileForm();
    const answer = await sendFiles(formId, [['photo', '', new Uint8Array()]]);
    expect(answer.status).toBe(200);
    expect(await filesKept(answer)).toEqual([]);
  });

  it('is kept with an entry in the spam folder, but for one that fell into the honeypot', async ({
    expect,
  }) => {
    const formId = await makeFileForm();
    const links = 'https://a.alt https://b.alt https://c.alt https://d.alt';
    const spam = { ...makePerson(), message: links, notes: links };
    const docx: Sent = ['cv', 'cv.docx', makeDocx()];
    const flagged = await sendFiles(formId, [docx], { fields: spam });
    expect(await filesKept(flagged)).toMatchObject([{ field: 'cv', stored: true }]);
    const trapped = await sendFiles(formId, [docx], { fields: { ...makePerson(), _gotcha: 'x' } });
    expect(trapped.status).toBe(200);
    expect(await filesKept(trapped)).toEqual([]);
    expect(await countLeads(operator, formId)).toBe(0);
  });

  it('is not asked for by a key without its scope, nor under another id', async ({ expect }) => {
    const [file] = await filesKept(await sendFiles(await makeFileForm(), [photo]));
    const { key } = await makeSecretKey(['leads:read', 'forms:read']);
    const read = await call(`/v1/files/${file?.id}`, { key });
    await expectProblem(expect, read, 403, 'insufficient_scope');
    const { key: reader } = await makeSecretKey(['files:read']);
    for (const id of ['file_1', '..%2F..%2Fetc', file?.id.toUpperCase()]) {
      expect((await call(`/v1/files/${id}`, { key: reader })).status).toBe(404);
    }
  });
});

import { describe, it, vi } from 'vitest';
import { startWorker } from '../support/harness.ts';
import { bucketWith, bucket, storedOf } from '../support/buckets.ts';
import { faulty } from '../support/faults.ts';
import { makePerson } from '../support/people.ts';
import { makePdf, makePng } from '../support/sample-files.ts';
import { filesKept, makeFileForm, sendFiles, type Sent } from './entries.ts';

const files: Sent[] = [
  ['photo', 'photo.png', makePng(8, 8)],
  ['cv', 'cv.pdf', makePdf()],
];

/** A Worker, and the ids that it put into its bucket so far. */
function startWatched(bindings: Record<string, unknown> = {}) {
  const put = vi.fn<typeof bucket.put>(bucket.put.bind(bucket));
  return {
    send: startWorker({ ...bindings, FILES: bucketWith({ put: put as typeof bucket.put }) }),
    ids: () => put.mock.calls.map(([id]) => id),
  };
}

describe('the files of an entry that comes twice', () => {
  for (const headers of [{}, { 'Idempotency-Key': 'once' }] as Record<string, string>[]) {
    const how = 'Idempotency-Key' in headers ? 'under one key' : 'by a double click';
    it(`are kept once: ${how}`, async ({ expect }) => {
      const { send, ids } = startWatched();
      const formId = await makeFileForm();
      const sent = { send, headers, fields: { ...makePerson() } };
      const answers = await Promise.all([1, 2].map(() => sendFiles(formId, files, sent)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const [first = [], second] = await Promise.all(answers.map(filesKept));
      expect(second).toEqual(first);
      expect(ids()).toHaveLength(4);
      expect((await storedOf(ids())).toSorted()).toEqual(first.map(({ id }) => id));
    });
  }

  it('are others where their content is', async ({ expect }) => {
    const formId = await makeFileForm();
    const fields = { ...makePerson() };
    const first = await sendFiles(formId, [['photo', 'a.png', makePng(8, 8)]], { fields });
    const second = await sendFiles(formId, [['photo', 'a.png', makePng(8, 9)]], { fields });
    expect(await filesKept(first)).toMatchObject([{ height: 8 }]);
    expect(await filesKept(second)).toMatchObject([{ height: 9 }]);
  });

  it('are kept where the answer of the database is lost', async ({ expect }) => {
    const database = faulty('database', 'write-lost-answer');
    const { send, ids } = startWatched({ TURSO_DATABASE_URL: `${database.url}/` });
    const answer = await sendFiles(await makeFileForm(), files, { send });
    expect(answer.status).toBe(200);
    expect(await storedOf(ids())).toHaveLength(2);
    expect(await filesKept(answer)).toMatchObject([{ stored: true }, { stored: true }]);
  });

  it('are removed again where the schema refuses the entry', async ({ expect }) => {
    const database = faulty('database', 'write-error-SQLITE_CONSTRAINT');
    const { send, ids } = startWatched({ TURSO_DATABASE_URL: `${database.url}/` });
    const answer = await sendFiles(await makeFileForm(), files, { send });
    expect(answer.status).toBe(500);
    expect(ids()).toHaveLength(2);
    expect(await storedOf(ids())).toEqual([]);
  });

  it('stay where nobody knows whether the entry was kept', async ({ expect }) => {
    const database = faulty('database', 'write-drop');
    const { send, ids } = startWatched({ TURSO_DATABASE_URL: `${database.url}/` });
    const answer = await sendFiles(await makeFileForm(), files, { send });
    expect(answer.status).toBe(503);
    expect(await storedOf(ids())).toHaveLength(2);
  });
});

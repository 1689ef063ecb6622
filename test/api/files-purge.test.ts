import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { newId } from '../../src/lib/ids.ts';
import worker from '../../src/worker.ts';
import { bucket, bucketWith, refused, storedOf } from '../support/buckets.ts';
import { operator } from '../support/harness.ts';
import { rowsOf } from '../support/rows.ts';
import { makePdf, makePng } from '../support/sample-files.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { runSql } from './data.ts';
import { filesKept, makeFileForm, sendFiles } from './entries.ts';

const hourMs = 3_600_000;

async function runCron(bindings: Record<string, unknown> = {}): Promise<void> {
  const context = createExecutionContext();
  try {
    await worker.scheduled(createScheduledController(), { ...env, ...bindings }, context);
  } finally {
    await waitOnExecutionContext(context);
  }
}

/** Makes a submission with two files, and returns their ids. */
async function makeFiles(): Promise<{ formId: string; ids: string[] }> {
  const formId = await makeFileForm();
  const answer = await sendFiles(formId, [
    ['photo', 'photo.png', makePng(8, 8)],
    ['cv', 'cv.pdf', makePdf()],
  ]);
  return { formId, ids: (await filesKept(answer)).map(({ id }) => id) };
}

async function rowsWith(ids: string[]): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(operator, sql`SELECT id FROM files WHERE id IN ${ids}`);
  return rows.map(({ id }) => id);
}

function countOf(task: string): unknown {
  return loggedOfKind('task').find((line) => line['task'] === task)?.['count'];
}

describe('the cron', () => {
  it('removes the files whose submission is gone, and no others', async ({ expect }) => {
    const gone = await makeFiles();
    const kept = await makeFiles();
    await runSql(sql`DELETE FROM submissions WHERE form_id = ${gone.formId}`);
    await runCron();
    expect(await storedOf([...gone.ids, ...kept.ids])).toEqual(kept.ids);
    expect(await rowsWith([...gone.ids, ...kept.ids])).toEqual(kept.ids);
    // Beside these there may be those of other files of tests.
    expect(countOf('purge_files')).toSatisfy((count: number) => count >= 2);
  });

  it('keeps the rows of files that R2 does not remove, and does its other work', async ({
    expect,
  }) => {
    const { formId, ids } = await makeFiles();
    await runSql(sql`DELETE FROM submissions WHERE form_id = ${formId}`);
    const run = runCron({ FILES: bucketWith({ delete: refused }) });
    await expect(run).rejects.toThrow('The service cannot reach its files.');
    expect(await rowsWith(ids)).toEqual(ids);
    expect(loggedOfKind('fault')).toMatchObject([
      { fault: 'purge_files', names: ['AppError', 'R2Error'] },
    ]);
    expect(countOf('purge_idempotency_keys')).toBeDefined();
    await runCron();
    expect(await rowsWith(ids)).toEqual([]);
  });

  it('removes bytes of a day ago that no row names', async ({ expect }) => {
    const now = Date.now();
    const ids = [25, 71, 23, 73].map((hours) => newId('file', now - hours * hourMs));
    await Promise.all([...ids, 'other/object'].map((id) => bucket.put(id, makePdf())));
    const [, , fresh = '', beyond = ''] = ids;
    const { ids: kept } = await makeFiles();
    const [old = '', ...others] = kept;
    // A file that is there, as if it had come a day ago.
    const aged = newId('file', now - 30 * hourMs);
    await bucket.put(aged, makePdf());
    await runSql(sql`UPDATE files SET id = ${aged} WHERE id = ${old}`);
    await runCron();
    expect(countOf('purge_stray_bytes')).toBe(2);
    const all = [...ids, aged, ...others, 'other/object'];
    expect(await storedOf(all)).toEqual([fresh, beyond, aged, ...others, 'other/object']);
  });

  it('looks after no files where there is no bucket', async ({ expect }) => {
    await runCron({ FILES: undefined });
    expect(countOf('purge_files')).toBe(0);
    expect(countOf('purge_stray_bytes')).toBe(0);
  });
});

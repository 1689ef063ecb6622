import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { listLeads } from '../../src/leads/list-leads.ts';
import { walkPages } from '../../src/platform/walk-pages.ts';
import { faulty } from '../support/faults.ts';
import { callWith, makeSecretKey, operator } from '../support/harness.ts';
import { randomWord, rememberAsPersonal } from '../support/people.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { expectProblem } from './answers.ts';
import { makeUsedKey, runSql } from './data.ts';
import { exportCsv, readCsv, readNdjson } from './exports.ts';

/** Stores many leads at once, and says by which source they are found. */
async function storeLeads(count: number): Promise<string> {
  const source = randomWord();
  rememberAsPersonal(source);
  await runSql(sql`
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    INSERT INTO leads (id, full_name, phone_number, source, created_at, updated_at)
    SELECT format('lead_%s%05d', ${source}, n), ${source}, '030 1234567', ${source}, n / 7, 100000 - n FROM numbers`);
  return source;
}

const fox = (length: number) => '🦊'.repeat(length);

async function collect<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

describe('an export of more than a page', () => {
  it('has every row once, newest first, through all of its pages', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const source = await storeLeads(1_003);
    const ids = (await exportCsv(key, { source })).map((row) => row['id'] ?? '');
    expect(ids).toHaveLength(1_003);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(new Set(ids).size).toBe(1_003);
  });

  it('has no row twice, and none that came later, while leads come, change and go', async ({
    expect,
  }) => {
    const source = await storeLeads(7);
    const filter = { source, sort: '-created_at' } as const;
    const found: string[] = [];
    for await (const page of walkPages(operator, (at) => listLeads(operator, filter, at), 2)) {
      found.push(...page.map(({ id }) => id.slice(-1)));
      const now = Date.now();
      await runSql(sql`INSERT INTO leads (id, full_name, phone_number, source, created_at, updated_at)
        VALUES (${`lead_${randomWord()}`}, ${source}, '030 1234567', ${source}, ${now}, ${now})`);
      await runSql(sql`UPDATE leads SET updated_at = ${now} WHERE source = ${source}`);
      await runSql(sql`DELETE FROM leads WHERE id = ${`lead_${source}00004`}`);
    }
    expect(found).toEqual(['7', '6', '5', '3', '2', '1']);
  });

  it('reads no page before the one ahead of it is taken, and none after the reader has gone', async ({
    expect,
  }) => {
    const key = await makeUsedKey();
    const source = await storeLeads(1_600);
    const database = faulty('database', 'later-none');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const response = await callWith(bindings, `/v1/leads/export?source=${source}`, { key });
    expect(await database.seen()).toEqual([]);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(readCsv(new TextDecoder().decode(value))).toHaveLength(500);
    expect(await database.seen()).toEqual([]);
    await reader?.read();
    expect(await database.seen()).toHaveLength(1);
    await reader?.cancel();
    expect(await database.seen()).toHaveLength(1);
    expect(loggedOfKind('fault')).toEqual([]);
  });

  it('breaks where the database goes away in the middle, and says so in the log alone', async ({
    expect,
  }) => {
    const key = await makeUsedKey();
    const source = await storeLeads(600);
    const database = faulty('database', 'later-drop');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const response = await callWith(bindings, `/v1/leads/export?source=${source}`, { key });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await expect(reader?.read()).rejects.toThrow('cannot reach its database');
    expect(loggedOfKind('fault')).toMatchObject([
      { fault: 'unavailable', request_id: response.headers.get('X-Request-Id') },
    ]);
    expect(loggedOfKind('request')).toMatchObject([{ route: '/v1/leads/export', status: 200 }]);
  });

  it('goes on where a page does not come at once', async ({ expect }) => {
    const key = await makeUsedKey();
    const source = await storeLeads(600);
    const database = faulty('database', 'later-once-status-500');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const response = await callWith(bindings, `/v1/leads/export?source=${source}`, { key });
    expect(readCsv(await response.text())).toHaveLength(600);
  });

  it('is answered 503 where the database is away from the start', async ({ expect }) => {
    const key = await makeUsedKey();
    const database = faulty('database', 'write-drop');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const response = await callWith(bindings, '/v1/leads/export', { key });
    await expectProblem(expect, response, 503, 'unavailable');
  });
});

describe('a page of an export', () => {
  const deps = { now: () => Date.now(), deadline: { at: 0 } };
  const tooMuch = new AppError('unavailable', 'It is too much.');

  it('that is too large is asked for by halves, and so are those after it', async ({ expect }) => {
    const asked: number[] = [];
    const walked = walkPages<number>(deps, async ({ after, limit }) => {
      asked.push(limit);
      if (limit > 200) throw tooMuch;
      return { rows: [limit], next: after === null ? { value: 1, id: 'a' } : null };
    });
    expect(await collect(walked)).toEqual([[125], [125]]);
    expect(asked).toEqual([500, 250, 125, 125]);
  });

  it('that never comes ends it', async ({ expect }) => {
    const asked: number[] = [];
    const walked = walkPages<number>(deps, async ({ limit }) => {
      asked.push(limit);
      throw tooMuch;
    });
    await expect(collect(walked)).rejects.toThrow(tooMuch);
    expect(asked).toEqual([500, 250, 125]);
  });

  it('has its own time, however long those before it took', async ({ expect }) => {
    let now = 1_000_000;
    const clock = { now: () => now, deadline: { at: 0 } };
    const left: number[] = [];
    const walked = walkPages<number>(clock, async () => {
      left.push(clock.deadline.at - now);
      return { rows: [], next: left.length < 3 ? { value: 1, id: 'a' } : null };
    });
    for await (const _ of walked) now += 60_000;
    expect(left).toEqual([2_600, 2_600, 2_600]);
  });

  it('of the largest leads is small enough for the database to answer', async ({ expect }) => {
    const source = await storeLeads(210);
    const attribution = JSON.stringify({
      ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`parameter_${at}`, fox(255)])),
      ...{ page: fox(2_048), referrer: fox(2_048) },
    });
    await runSql(sql`UPDATE leads SET notes = ${fox(5_000)}, attribution = ${attribution},
      position = ${fox(255)}, company_name = ${fox(255)} WHERE source = ${source}`);
    const key = await makeUsedKey();
    const database = faulty('database', 'none');
    const bindings = { TURSO_DATABASE_URL: `${database.url}/` };
    const path = `/v1/leads/export?format=ndjson&source=${source}`;
    const response = await callWith(bindings, path, { key });
    const pieces = await collect(
      response.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>,
    );
    expect(readNdjson(await new Blob(pieces).text())).toHaveLength(210);
    // 500 and 250 do not fit, which is asked once each; then 125 and the rest.
    const asked = (await database.seen()).filter(({ body }) => body.includes('notes'));
    expect(asked).toHaveLength(4);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(700_000);
  });
});

import { sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { RowError, ImportJson } from '../../src/imports/contract.ts';
import { call, makeSecretKey, operator } from '../support/harness.ts';
import { randomWord, rememberAsPersonal } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { makeList } from '../api/data.ts';

type Answer = ImportJson & { errors: RowError[]; dry_run: Record<string, number> };

/** A few people, so that some come again: known, new and written in more than one way. */
const word = randomWord();
rememberAsPersonal(word);
const email = fc.oneof(
  { weight: 5, arbitrary: fc.nat(9).map((nth) => `${word}-${nth}@mail.example`) },
  { weight: 1, arbitrary: fc.nat(9).map((nth) => ` ${word.toUpperCase()}-${nth}@Mail.Example`) },
  { weight: 1, arbitrary: fc.string() },
);
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('', 'de', 'a'));
const anything = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.anything() });

const row = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      {
        email,
        full_name: anything,
        language: anything,
        tags: fc.array(fc.constantFrom('a', 'b', 'ä', '"', ''), { maxLength: 4 }),
        attributes: fc.dictionary(
          fc.oneof(fc.constantFrom('a', 'b-1', '.'), fc.string({ maxLength: 3 })),
          fc.oneof(text, fc.double(), fc.boolean()),
          { maxKeys: 3 },
        ),
      },
      { requiredKeys: ['email'] },
    ),
  },
  { weight: 1, arbitrary: fc.anything() },
);

const stateOfAll = async (listId: string) => {
  const [counts] = await rowsOf<Record<'people' | 'versions' | 'listed' | 'consents', number>>(
    operator,
    sql`SELECT count(*) AS people, total(version) AS versions,
      (SELECT count(*) FROM subscriptions WHERE list_id = ${listId}) AS listed,
      (SELECT count(*) FROM consents WHERE list_id = ${listId}) AS consents
      FROM subscribers WHERE email_key LIKE ${`${word}%`}`,
  );
  return counts ?? { people: 0, versions: 0, listed: 0, consents: 0 };
};

describe('rows of an import', () => {
  it(
    'are all counted, as a dry run foretells it and as the tables show it',
    { timeout: 60_000 },
    async ({ expect }) => {
      const { key } = await makeSecretKey(['subscribers:write'], { rate_limit: '100000/1h' });
      const policy = fc.constantFrom('ignore', 'merge');
      const batches = fc.array(fc.array(row, { minLength: 1, maxLength: 15 }), {
        minLength: 1,
        maxLength: 2,
      });
      await fc.assert(
        fc.asyncProperty(policy, batches, async (on_conflict, sent) => {
          const list_id = await makeList();
          const json = { list_id, on_conflict, consent: 'A property.' };
          let before = await (await call('/v1/imports', { key, json })).json<ImportJson>();
          for (const rows of sent) {
            const post = async (more: object) => {
              const json = { from: before.rows_done, rows, ...more };
              const response = await call(`/v1/imports/${before.id}/rows`, { key, json });
              expect(response.status, await response.clone().text()).toBe(200);
              return response.json<Answer>();
            };
            const dry = await post({ dry_run: true });
            const tables = await stateOfAll(list_id);
            const taken = await post({});
            const now = await stateOfAll(list_id);
            const deltaOf = (name: 'added' | 'changed' | 'unchanged' | 'suppressed' | 'invalid') =>
              taken[name] - before[name];
            const delta = {
              ...{ added: deltaOf('added'), changed: deltaOf('changed') },
              ...{ unchanged: deltaOf('unchanged'), suppressed: deltaOf('suppressed') },
              invalid: deltaOf('invalid'),
            };
            expect(delta).toEqual(dry.dry_run);
            expect(taken.errors).toEqual(dry.errors);
            expect(new Set(taken.errors.map((each) => each.row)).size).toBe(delta.invalid);
            expect(taken.rows_done).toBe(before.rows_done + rows.length);
            expect(now.people - tables.people).toBe(delta.added);
            expect(now.consents).toBe(now.listed);
            const joined = now.listed - tables.listed - delta.added;
            const merged = now.versions - tables.versions - delta.added;
            expect(delta.changed).toBeGreaterThanOrEqual(Math.max(joined, merged));
            expect(delta.changed).toBeLessThanOrEqual(joined + merged);
            before = taken;
          }
        }),
        { numRuns: 10 },
      );
    },
  );
});

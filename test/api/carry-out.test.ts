import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { parseEnv } from '../../src/env.ts';
import { linkFor } from '../../src/newsletter/links.ts';
import { retryRow } from '../../src/outbox/retry-row.ts';
import { liftQuery } from '../../src/suppressions/contract.ts';
import { liftSuppression } from '../../src/suppressions/lift-suppression.ts';
import { call, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { hashOf, makeList, runSql, suppress } from './data.ts';

describe('an act whose answer was lost', () => {
  it('is not carried out a second time on what came after it', async ({ expect }) => {
    const config = parseEnv(env);
    const { email } = makePerson();
    const listId = await makeList();
    await suppress(email, 'unsubscribed', listId);
    const person = await hashOf(email);
    const { pathname } = new URL(await linkFor(config, 'unsubscribe', { person, listId }));
    const write: typeof operator.database.write = async (...batch) => {
      // As database.ts does: the first try is kept, its answer lost. Then the person leaves again.
      await operator.database.write(...batch);
      await call(pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
      return operator.database.write(...batch);
    };
    const deps = { ...operator, config, database: { ...operator.database, write } };
    const lift = liftQuery.parse({ email, list_id: listId, reason: 'unsubscribed' });
    await liftSuppression(deps, lift, { actor: 'test', requestId: null });
    const left = sql`SELECT actor FROM suppressions WHERE subject_hash = ${person} AND list_id = ${listId}`;
    expect(await rowsOf(operator, left)).toEqual([{ actor: 'subscriber' }]);
  });
});

describe('a row of the outbox that is made due again', () => {
  it('is told so, where the answer was lost and it was claimed since', async ({ expect }) => {
    const id = `out_kept_${crypto.randomUUID()}`;
    await runSql(sql`INSERT INTO outbox (id, topic, resource_id, payload, state, attempts, due_at, ended_at, created_at)
      VALUES (${id}, 'confirmation', 'cnf_none', '{}', 'dead', 14, 1, 1, 1)`);
    const write: typeof operator.database.write = async (...batch) => {
      await operator.database.write(...batch);
      // Its answer is lost, and before the second try the sweep sends it.
      await runSql(sql`UPDATE outbox SET state = 'done', ended_at = 2 WHERE id = ${id}`);
      return operator.database.write(...batch);
    };
    const deps = { ...operator, database: { ...operator.database, write } };
    await retryRow(deps, id, { actor: 'test', requestId: null });
    expect(id).toMatch(/^out_/);
  });
});

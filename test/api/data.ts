import { sql, type SQL } from 'drizzle-orm';
import { lists } from '../../drizzle/lists.ts';
import { suppressions, type suppressionReasons } from '../../drizzle/newsletter.ts';
import type { LeadJson } from '../../src/leads/contract.ts';
import { newId } from '../../src/lib/ids.ts';
import { subjectHashes } from '../../src/subjects/subject-hash.ts';
import { call, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import type { List } from './answers.ts';

/** Changes rows behind the back of the Worker. */
export async function runSql(statement: SQL): Promise<void> {
  await operator.database.write((orm) => [orm.run(statement)]);
}

/** A secret key whose use has been noted: whatever it does now writes nothing besides. */
export async function makeUsedKey(): Promise<string> {
  const { id, key } = await makeSecretKey();
  await runSql(sql`UPDATE api_keys SET last_used_at = ${Date.now()} WHERE id = ${id}`);
  return key;
}

/** Captures a lead over HTTP. */
export async function makeLead(
  key: string,
  fields: Record<string, unknown> = {},
): Promise<LeadJson> {
  const response = await call('/v1/leads', { key, json: { ...makePerson(), ...fields } });
  if (response.status !== 201) throw new Error(`The lead was not taken: ${await response.text()}`);
  return response.json<LeadJson>();
}

/** A newsletter of the test's own. */
export async function makeList(): Promise<string> {
  const list = { id: newId('list', Date.now()), name: 'List of a test', createdAt: Date.now() };
  await operator.database.write((orm) => [orm.insert(lists).values(list)]);
  return list.id;
}

/** What stands for a person among the suppressions. */
export async function hashOf(email: string): Promise<string> {
  const [hash] = await subjectHashes(operator.config, email);
  return hash;
}

/** Has somebody not written to, about a list or, where that is empty, about any. */
export async function suppress(
  email: string,
  reason: (typeof suppressionReasons)[number],
  listId = '',
): Promise<void> {
  const row = { subjectHash: await hashOf(email), listId, reason, actor: 'test', createdAt: 1 };
  await operator.database.write((orm) => [orm.insert(suppressions).values(row)]);
}

/** A page of a list, by its parameters. */
export async function readList<T>(
  path: string,
  key: string,
  query: Record<string, string> = {},
): Promise<List<T>> {
  const response = await call(`${path}?${new URLSearchParams(query)}`, { key });
  if (response.status !== 200) throw new Error(`No list: ${await response.text()}`);
  return response.json<List<T>>();
}

/** What the audit log says of a row or a person, oldest first. */
export async function actsOn(id: string) {
  const rows = await rowsOf<{ action: string; actor: string; detail: string }>(
    operator,
    sql`SELECT action, actor, detail FROM audit_log WHERE target_id = ${id} ORDER BY id`,
  );
  return rows.map(({ action, actor, detail }) => ({
    action,
    actor,
    detail: JSON.parse(detail) as unknown,
  }));
}

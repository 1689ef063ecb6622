import { readFileSync } from 'node:fs';
import { createClient, type Client, type ResultSet } from '@libsql/client/http';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { migrate } from '../../cli/migrate.ts';
import { startSqld, type Sqld } from '../../dev/sqld.ts';
import { cleanUp, freePort, makeFolder, root } from './programs.ts';

const formsAsData = '0003_forms_as_data';
const tables = [
  ...['forms', 'api_keys', 'leads', 'submissions', 'lead_events', 'lists', 'subscribers'],
  ...['subscriptions', 'consents', 'audit_log', 'idempotency_keys'],
];

/** Rows as the version before 0003 wrote them: two forms, what is bound to them, and what came of them. */
const rows = `
  INSERT INTO forms (id, name, allowed_origins, default_source, active, created_at, updated_at) VALUES
    ('form_a', 'Contact', '["https://a.example"]', 'site', 1, 10, 11), ('form_b', 'Old', '[]', NULL, 0, 20, 21);
  INSERT INTO api_keys (id, kind, mode, name, hash, last_four, form_id, created_at, created_by) VALUES
    ('key_a', 'publishable', 'live', 'Website', '${'a'.repeat(64)}', 'aaaa', 'form_a', 12, 'cli'),
    ('key_b', 'secret', 'live', 'CRM', '${'b'.repeat(64)}', 'bbbb', NULL, 13, 'cli');
  INSERT INTO leads (seq, id, full_name, email, email_key, notes, form_id, created_at, updated_at, version) VALUES
    (5, 'lead_a', 'Ada Lovelace', 'ada@example.org', 'ada@example.org', 'engines', 'form_a', 30, 31, 2),
    (9, 'lead_b', 'Bob Babbage', 'bob@example.org', 'bob@example.org', NULL, NULL, 40, 40, 1);
  INSERT INTO submissions (id, form_id, lead_id, payload, verdict, created_at) VALUES
    ('sub_a', 'form_a', 'lead_a', '{"a":1}', 'accepted', 30), ('sub_b', NULL, 'lead_b', '{}', 'accepted', 40);
  INSERT INTO lead_events (id, lead_id, type, version, actor, changes, at) VALUES
    ('evt_a', 'lead_a', 'created', 1, 'key_a', NULL, 30),
    ('evt_b', 'lead_a', 'updated', 2, 'key_b', '{"status":["new","lost"]}', 31);
  INSERT INTO subscribers (id, email, email_key, created_at, updated_at) VALUES ('sbr_a', 'a@b.org', 'a@b.org', 1, 1);
  INSERT INTO audit_log (id, action, actor, target_id, detail, at) VALUES ('aud_a', 'key.issued', 'cli', 'key_a', '{}', 12);
`;

type Rows = Record<string, Record<string, unknown>[]>;

/** Rows as plain objects: those of the client can be read by number, too. */
const plain = (result: ResultSet) =>
  result.rows.map((row) => Object.fromEntries(Object.entries(row)));

const countRows = (all: Rows) => tables.map((table) => all[table]?.length);

async function readTables(client: Client): Promise<Rows> {
  const read = tables.map(async (table) => {
    const result = await client.execute(`SELECT * FROM ${table} ORDER BY 1, 2`);
    return [table, plain(result)] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** Brings a database to where it was before 0003, as if no later migration were there. */
async function migrateUntilForms(client: Client, url: string): Promise<string[]> {
  const journal = JSON.parse(readFileSync(`${root}migrations/meta/_journal.json`, 'utf8'));
  const names = (journal as { entries: { tag: string }[] }).entries.map(({ tag }) => tag);
  const later = names.slice(names.indexOf(formsAsData));
  await client.executeMultiple(`
    CREATE TABLE schema_migrations (name TEXT PRIMARY KEY NOT NULL, applied_at INTEGER NOT NULL);
    INSERT INTO schema_migrations VALUES ${later.map((name) => `('${name}', 0)`).join()};
  `);
  await migrate({ url, authToken: null });
  await client.execute('DELETE FROM schema_migrations WHERE applied_at = 0');
  return later;
}

describe('the migration that makes forms data', () => {
  const dataDir = makeFolder();
  let sqld: Sqld;
  let client: Client;
  let before: Rows;

  beforeAll(async () => {
    sqld = await startSqld({ dataDir, port: await freePort() });
    client = createClient({ url: sqld.url });
    const later = await migrateUntilForms(client, sqld.url);
    await client.executeMultiple(rows);
    before = await readTables(client);
    const applied = await migrate({ url: sqld.url, authToken: null });
    if (applied.join() !== later.join()) throw new Error(`applied ${applied.join()}`);
  });
  afterAll(async () => {
    await sqld.child.stop();
    cleanUp(dataDir);
  });

  it('loses and changes no row that was there', async ({ expect }) => {
    const after = await readTables(client);
    for (const table of tables) expect(after[table], table).toMatchObject(before[table] ?? []);
    expect(countRows(after)).toEqual(countRows(before));
    expect(before['leads']).toHaveLength(2);
  });

  it('gives each form its id as its address, and settings that change nothing', async ({
    expect,
  }) => {
    const addresses = await client.execute('SELECT * FROM form_addresses ORDER BY address');
    expect(plain(addresses)).toEqual([
      { address: 'form_a', form_id: 'form_a', created_at: 10, retires_at: null },
      { address: 'form_b', form_id: 'form_b', created_at: 20, retires_at: null },
    ]);
    const { forms = [] } = await readTables(client);
    expect(forms[0]).toEqual({
      ...before['forms']?.[0],
      default_status: 'new',
      site_name: null,
      color: null,
      redirect_url: null,
      error_url: null,
      captcha: null,
      notify_emails: '[]',
      uploads: null,
      rate_limit: null,
      repeat_contacts: 'touch',
      disposable_emails: 'flag',
      retention_days: null,
      kind: 'lead',
      list_id: null,
      version: 1,
    });
  });

  it('leaves every reference and the search whole', async ({ expect }) => {
    const broken = await client.batch([
      'PRAGMA foreign_key_check',
      'PRAGMA integrity_check',
      "SELECT rowid AS seq FROM leads_search WHERE leads_search MATCH 'engines'",
    ]);
    expect(broken.map((result) => plain(result))).toEqual([
      [],
      [{ integrity_check: 'ok' }],
      [{ seq: 5 }],
    ]);
  });

  it.for([
    [
      'another address that does not retire',
      "INSERT INTO form_addresses VALUES ('x', 'form_a', 1, NULL)",
    ],
    ['a status that is none', "UPDATE forms SET default_status = 'open'"],
    ['mailboxes that are no list', "UPDATE forms SET notify_emails = '{}'"],
    ['a captcha that is no object', "UPDATE forms SET captcha = '[]'"],
    ['a version of nothing', 'UPDATE forms SET version = 0'],
    ['no days of retention', 'UPDATE forms SET retention_days = 0'],
    ['the loss of a form with a key', "DELETE FROM forms WHERE id = 'form_a'"],
  ] as const)('refuses %s', async ([, statement], { expect }) => {
    await expect(client.execute(statement)).rejects.toThrow(/constraint/i);
  });

  it('lets the version before go on writing', async ({ expect }) => {
    await client.batch([
      `INSERT INTO leads (id, full_name, email, email_key, form_id, created_at, updated_at)
        VALUES ('lead_c', 'Cy', 'c@d.org', 'c@d.org', 'form_a', 50, 50)`,
      `INSERT INTO submissions (id, form_id, lead_id, payload, verdict, created_at)
        VALUES ('sub_c', 'form_a', 'lead_c', '{}', 'accepted', 50)`,
      `INSERT INTO lead_events (id, lead_id, type, version, actor, at)
        VALUES ('evt_c', 'lead_c', 'created', 1, 'key_a', 50)`,
    ]);
    const { rows: found } = await client.execute("SELECT * FROM submissions WHERE id = 'sub_c'");
    expect(found[0]).toMatchObject({ attribution: '{}', reviewed_at: null });
  });
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createClient, type Client } from '@libsql/client/http';

type Journal = { entries: { tag: string }[] };

const folder = new URL('../migrations/', import.meta.url);

/**
 * Applies the migrations that a database lacks, each in a transaction of its own with its row in
 * `schema_migrations`, whatever order they landed in. Returns the names of those applied. Two at once are safe: the
 * later one finds the row.
 */
export async function migrate(target: {
  url: string;
  authToken: string | null;
}): Promise<string[]> {
  const client = createClient({
    url: target.url,
    ...(target.authToken === null ? {} : { authToken: target.authToken }),
  });
  await client.execute(
    'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY NOT NULL, applied_at INTEGER NOT NULL)',
  );
  const missing = await missingMigrations(client);
  for (const name of missing) await apply(client, name);
  return missing;
}

/** The names of the migrations that a database lacks, in their order. */
export async function missingMigrations(client: Client): Promise<string[]> {
  const table =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'";
  const { rows } = await client.execute(table);
  const applied = rows.length === 0 ? new Set() : await namesApplied(client);
  return readJournal().filter((name) => !applied.has(name));
}

async function apply(client: Client, name: string): Promise<void> {
  const statements = readFileSync(fileURLToPath(new URL(`${name}.sql`, folder)), 'utf8')
    .split('--> statement-breakpoint')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  const record = {
    sql: 'INSERT INTO schema_migrations (name, applied_at) VALUES (?, ?)',
    args: [name, Date.now()],
  };
  try {
    // Like a batch, but with foreign keys off until the end, as rebuilding a table needs.
    await client.migrate([record, ...statements]);
  } catch (error) {
    if ((await namesApplied(client)).has(name)) return;
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}

async function namesApplied(client: Client): Promise<Set<string>> {
  const { rows } = await client.execute('SELECT name FROM schema_migrations');
  return new Set(rows.map((row) => String(row['name'])));
}

function readJournal(): string[] {
  const journal = JSON.parse(
    readFileSync(fileURLToPath(new URL('meta/_journal.json', folder)), 'utf8'),
  ) as Journal;
  return journal.entries.map((entry) => entry.tag);
}

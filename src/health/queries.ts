import { sql } from 'drizzle-orm';
import type { Orm } from '../platform/database.ts';

/** The names of the migrations that were applied. */
export async function findAppliedMigrations(orm: Orm): Promise<Set<string>> {
  const rows = await orm.all<{ name: string }>(sql`SELECT name FROM schema_migrations`);
  return new Set(rows.map((row) => row.name));
}

import { sql } from 'drizzle-orm';
import type { Orm } from '../platform/database.ts';

/** The newest migration that was applied; null when there is none. */
export async function findAppliedMigration(orm: Orm): Promise<string | null> {
  const rows = await orm.all<{ name: string }>(
    sql`SELECT name FROM schema_migrations ORDER BY name DESC LIMIT 1`,
  );
  return rows[0]?.name ?? null;
}

import { sql, type SQL } from 'drizzle-orm';
import type { OperatorDeps } from '../../cli/operator-deps.ts';

/** Rows of a query, straight from the database. */
export function rowsOf<T>(deps: Pick<OperatorDeps, 'database'>, query: SQL): Promise<T[]> {
  return deps.database.read((orm) => orm.all<T>(query));
}

/** How many leads a form has. */
export async function countLeads(
  deps: Pick<OperatorDeps, 'database'>,
  formId: string,
): Promise<number> {
  const [row] = await rowsOf<{ count: number }>(
    deps,
    sql`SELECT count(*) AS count FROM leads WHERE form_id = ${formId}`,
  );
  return row?.count ?? 0;
}

import type { Deps } from '../deps.ts';
import type { Email } from '../lib/email.ts';
import type { SubjectConfig } from '../subjects/subject-hash.ts';
import type { SuppressionJson } from './contract.ts';
import { listSuppressions } from './list-suppressions.ts';
import { presentSuppression } from './present-suppression.ts';

/** All that keeps an address from being written to, newest first, as it is shown. */
export async function listSuppressionsOf(
  deps: Pick<Deps, 'database'> & { config: SubjectConfig },
  email: Email,
): Promise<SuppressionJson[]> {
  const { rows } = await listSuppressions(deps, { email }, { after: null, limit: 200 });
  return rows.map((row) => presentSuppression(row));
}

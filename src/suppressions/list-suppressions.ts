import type { Deps } from '../deps.ts';
import { subjectHashes, type SubjectConfig } from '../subjects/subject-hash.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import type { SuppressionFilter } from './contract.ts';
import { selectSuppressions } from './queries.ts';
import type { Suppression } from './statements.ts';

/** A page of the suppressions that match a filter, newest first. */
export async function listSuppressions(
  deps: Pick<Deps, 'database'> & { config: SubjectConfig },
  { email, ...filter }: SuppressionFilter,
  page: { after: Position | null; limit: number },
): Promise<Page<Suppression>> {
  const hashes = email === undefined ? null : await subjectHashes(deps.config, email.key);
  const rows = await deps.database.read((orm) =>
    selectSuppressions(orm, filter, hashes, page.after, page.limit + 1),
  );
  return toPage(rows, page.limit, ({ createdAt, seq }) => ({ value: createdAt, id: String(seq) }));
}

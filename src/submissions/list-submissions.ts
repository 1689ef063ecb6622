import type { Deps } from '../deps.ts';
import { toPage, type Page, type Position } from '../platform/keyset.ts';
import type { SubmissionFilter } from './contract.ts';
import { selectSubmissions } from './queries.ts';
import type { Submission } from './statements.ts';

/** A page of the submissions that match a filter, newest first. */
export async function listSubmissions(
  deps: Pick<Deps, 'database'>,
  filter: SubmissionFilter,
  page: { after: Position | null; limit: number },
): Promise<Page<Submission>> {
  const rows = await deps.database.read((orm) =>
    selectSubmissions(orm, filter, page.after, page.limit + 1),
  );
  return toPage(rows, page.limit, ({ createdAt, id }) => ({ value: createdAt, id }));
}

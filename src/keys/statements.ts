import { and, eq, isNotNull, lte, or } from 'drizzle-orm';
import { apiKeys } from '../../drizzle/keys.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** Removes the keys of a form that no longer work, for the batch that deletes it. */
export function removeDeadKeys(orm: Orm, formId: string, now: number): Statement {
  return orm
    .delete(apiKeys)
    .where(
      and(
        eq(apiKeys.formId, formId),
        or(isNotNull(apiKeys.revokedAt), lte(apiKeys.expiresAt, now)),
      ),
    );
}

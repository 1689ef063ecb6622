import { eq, inArray } from 'drizzle-orm';
import { idempotencyKeys } from '../../drizzle/idempotency.ts';
import type { Ids, Orm, Statement } from '../platform/database.ts';

/**
 * The statement that empties the answers about a resource, or about those that a query finds, for the batch that
 * deletes them: they quote it, and would say of what is sent again that it was kept.
 */
export function eraseAnswers(orm: Orm, resource: string | Ids): Statement {
  const { resourceId } = idempotencyKeys;
  return orm
    .update(idempotencyKeys)
    .set({ body: null })
    .where(typeof resource === 'string' ? eq(resourceId, resource) : inArray(resourceId, resource));
}

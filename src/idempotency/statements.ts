import { eq } from 'drizzle-orm';
import { idempotencyKeys } from '../../drizzle/idempotency.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** The statement that empties the answers about a resource, for the batch that deletes it: they quote it. */
export function eraseAnswers(orm: Orm, resourceId: string): Statement {
  return orm
    .update(idempotencyKeys)
    .set({ body: null })
    .where(eq(idempotencyKeys.resourceId, resourceId));
}

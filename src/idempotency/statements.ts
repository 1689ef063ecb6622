import { and, eq, inArray, like, type SQL, type SQLWrapper } from 'drizzle-orm';
import { idempotencyKeys } from '../../drizzle/idempotency.ts';
import type { Orm, Statement } from '../platform/database.ts';

/** Begins the keys that we make of content. No header's word holds a space, so that none is taken for one of them. */
const ofContent = 'same ';

/** The key of what is recognised by its content, where its sender gave it no word of its own, or a new one. */
export function keyOfContent(content: string): string {
  return `${ofContent}${content}`;
}

/** The statement that puts the answers about a resource right, by what the batch before it came to. */
export function reviseAnswers(
  orm: Orm,
  resourceId: string,
  truth: { resourceId: SQL; body: SQL },
): Statement {
  return orm.update(idempotencyKeys).set(truth).where(eq(idempotencyKeys.resourceId, resourceId));
}

/**
 * The statements that empty the answers about resources, for the batch that deletes these: they quote them. The same
 * content is new from then on, but a word that was used for it stays used. Before what the ids are selected from goes.
 */
export function eraseAnswers(orm: Orm, resourceIds: string[] | SQLWrapper): Statement[] {
  const about = inArray(idempotencyKeys.resourceId, resourceIds);
  return [
    orm
      .delete(idempotencyKeys)
      .where(and(about, like(idempotencyKeys.idempotencyKey, `${ofContent}%`))),
    orm.update(idempotencyKeys).set({ body: null }).where(about),
  ];
}

import { and, count, eq, exists, notExists, type SQL } from 'drizzle-orm';
import { forms } from '../../drizzle/forms.ts';
import { lists } from '../../drizzle/lists.ts';
import { subscriptions, type SubscriptionState } from '../../drizzle/newsletter.ts';
import type { Orm } from '../platform/database.ts';
import { keysetOrder, rowsAfter, type Position } from '../platform/keyset.ts';
import type { ListFilter } from './contract.ts';
import type { List } from './statements.ts';

/** Whether a list is still there, and of this version. */
export function isUnchanged(orm: Orm, { id, version }: Pick<List, 'id' | 'version'>): SQL {
  const rows = orm.select({ id: lists.id }).from(lists);
  return exists(rows.where(and(eq(lists.id, id), eq(lists.version, version))));
}

/** Whether a list is unchanged and may be changed so: forms sign people up to public lists alone. */
export function mayBecome(orm: Orm, before: List, { visibility }: List): SQL | undefined {
  return and(
    isUnchanged(orm, before),
    visibility === 'private' ? notExists(formsOf(orm, before.id)) : undefined,
  );
}

/** The forms that sign people up to a list. */
export function formsOf(orm: Orm, id: string) {
  return orm.select({ id: forms.id }).from(forms).where(eq(forms.listId, id));
}

/** The list with this id. */
export async function findList(orm: Orm, id: string): Promise<List | undefined> {
  const rows = await orm.select().from(lists).where(eq(lists.id, id)).limit(1);
  return rows[0];
}

/** Lists that match a filter, newest first. */
export function selectLists(
  orm: Orm,
  { visibility }: ListFilter,
  after: Position | null,
  rowCount: number,
): PromiseLike<List[]> {
  return orm
    .select()
    .from(lists)
    .where(
      and(
        visibility === undefined ? undefined : eq(lists.visibility, visibility),
        after === null ? undefined : rowsAfter(lists.createdAt, lists.id, 'descending', after),
      ),
    )
    .orderBy(...keysetOrder(lists.createdAt, lists.id, 'descending'))
    .limit(rowCount);
}

/** How many people are in each state on a list; nothing of a state that nobody is in. */
export function countByState(
  orm: Orm,
  id: string,
): PromiseLike<{ state: SubscriptionState; count: number }[]> {
  return orm
    .select({ state: subscriptions.state, count: count() })
    .from(subscriptions)
    .where(eq(subscriptions.listId, id))
    .groupBy(subscriptions.state);
}

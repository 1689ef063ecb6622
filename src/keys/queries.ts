import { and, eq, getTableColumns, gt, inArray, isNull, lt, ne, or, type SQL } from 'drizzle-orm';
import { forms } from '../../drizzle/forms.ts';
import { apiKeys } from '../../drizzle/keys.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { keysetOrder, rowsAfter, type Position } from '../platform/keyset.ts';

/** A key as it is stored. */
export type ApiKey = typeof apiKeys.$inferSelect;
export type NewApiKey = typeof apiKeys.$inferInsert;

/** A key with what its form says about the leads it makes; null for a secret key. */
export type ApiKeyWithForm = ApiKey & {
  form: Pick<
    typeof forms.$inferSelect,
    | 'id'
    | 'kind'
    | 'listId'
    | 'active'
    | 'allowedOrigins'
    | 'defaultSource'
    | 'defaultCategory'
    | 'defaultStatus'
    | 'rateLimit'
    | 'captcha'
  > | null;
};

const withForm = {
  ...getTableColumns(apiKeys),
  form: {
    id: forms.id,
    kind: forms.kind,
    listId: forms.listId,
    active: forms.active,
    allowedOrigins: forms.allowedOrigins,
    defaultSource: forms.defaultSource,
    defaultCategory: forms.defaultCategory,
    defaultStatus: forms.defaultStatus,
    rateLimit: forms.rateLimit,
    captcha: forms.captcha,
  },
};

/** The key with one of these hashes: more than one while the secret is being rotated. */
export async function findKeyByHash(
  orm: Orm,
  hashes: string[],
): Promise<ApiKeyWithForm | undefined> {
  const rows = await orm
    .select(withForm)
    .from(apiKeys)
    .leftJoin(forms, eq(forms.id, apiKeys.formId))
    .where(inArray(apiKeys.hash, hashes))
    .limit(1);
  return rows[0];
}

/** The key with this id. */
export async function findKey(orm: Orm, id: string): Promise<ApiKey | undefined> {
  const rows = await orm.select().from(apiKeys).where(eq(apiKeys.id, id)).limit(1);
  return rows[0];
}

/** Keys, newest first, revoked ones too. */
export function selectKeys(orm: Orm, after: Position | null, count: number): PromiseLike<ApiKey[]> {
  return orm
    .select()
    .from(apiKeys)
    .where(
      after === null ? undefined : rowsAfter(apiKeys.createdAt, apiKeys.id, 'descending', after),
    )
    .orderBy(...keysetOrder(apiKeys.createdAt, apiKeys.id, 'descending'))
    .limit(count);
}

export function insertKey(orm: Orm, key: NewApiKey): Statement {
  return orm.insert(apiKeys).values(key).onConflictDoNothing({ target: apiKeys.id });
}

/** Revokes a key; the first time counts. */
export function setRevoked(orm: Orm, id: string, at: number): Statement {
  return orm
    .update(apiKeys)
    .set({ revokedAt: at })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)));
}

/** Notes a use, unless one was noted after `notSince`. */
export function setLastUsed(orm: Orm, id: string, at: number, notSince: number): Statement {
  const stale: SQL | undefined = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, notSince));
  return orm
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(and(eq(apiKeys.id, id), stale));
}

/** Stores the hash under the current secret, for a key that was found under the one before. */
export function setHash(orm: Orm, id: string, hash: string): Statement {
  return orm.update(apiKeys).set({ hash }).where(eq(apiKeys.id, id));
}

/** The origins that live keys name, and of those that name none, their forms. Some come more than once. */
export async function selectOrigins(orm: Orm, now: number): Promise<string[]> {
  const rows = await orm
    .selectDistinct({ own: apiKeys.origins, ofForm: forms.allowedOrigins })
    .from(apiKeys)
    .leftJoin(forms, eq(forms.id, apiKeys.formId))
    .where(
      and(
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
        or(ne(apiKeys.origins, []), ne(forms.allowedOrigins, [])),
      ),
    );
  return rows.flatMap(({ own, ofForm }) => (own.length > 0 ? own : (ofForm ?? [])));
}

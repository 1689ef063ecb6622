import { newAct, recordAct, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { findKey, setRevoked, type ApiKey } from './queries.ts';

/** Revokes a key: at once here, within 10 s everywhere. Revoking it again changes nothing. Throws `not_found`. */
export async function revokeKey(
  deps: Pick<Deps, 'database' | 'keyCache' | 'now'>,
  id: string,
  by: By,
): Promise<ApiKey> {
  const key = await deps.database.read((orm) => findKey(orm, id));
  if (key === undefined) throw notFound('key');
  if (key.revokedAt !== null) return key;
  const at = deps.now();
  const act = newAct({ action: 'key.revoked', ...by, targetId: id, detail: {}, at });
  await deps.database.write((orm) => [setRevoked(orm, id, at), recordAct(orm, act)]);
  deps.keyCache.forget((known) => known.id === id);
  return { ...key, revokedAt: at };
}

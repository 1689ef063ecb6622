import type { KeyJson } from './contract.ts';
import type { ApiKey } from './queries.ts';

/** A key as it is shown. */
export function presentKey(key: ApiKey): KeyJson {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    id: key.id,
    kind: key.kind,
    mode: key.mode,
    name: key.name,
    hint: `inlet_${key.kind === 'secret' ? 'sk' : 'pk'}_${key.mode}_…${key.lastFour}`,
    scopes: key.scopes,
    origins: key.origins,
    form_id: key.formId,
    rate_limit: key.rateLimit,
    expires_at: time(key.expiresAt),
    revoked_at: time(key.revokedAt),
    last_used_at: time(key.lastUsedAt),
    created_at: new Date(key.createdAt).toISOString(),
  };
}

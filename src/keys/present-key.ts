import { toIso } from '../lib/time.ts';
import type { KeyJson } from './contract.ts';
import type { ApiKey } from './queries.ts';

/** A key as it is shown. */
export function presentKey(key: ApiKey): KeyJson {
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
    expires_at: key.expiresAt === null ? null : toIso(key.expiresAt),
    revoked_at: key.revokedAt === null ? null : toIso(key.revokedAt),
    last_used_at: key.lastUsedAt === null ? null : toIso(key.lastUsedAt),
    created_at: toIso(key.createdAt),
  };
}

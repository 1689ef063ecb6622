import type { Deps } from '../deps.ts';
import type { KeyConfig } from '../env.ts';
import { equalInConstantTime, keyedHash } from '../lib/hashing.ts';
import { parseRate, type Rate } from '../lib/rate.ts';
import { modeOf, readMode } from './key-format.ts';
import { findKeyByHash, setHash, setLastUsed, type ApiKeyWithForm } from './queries.ts';
import { hourMs } from '../lib/units.ts';

/** Who a request comes from. */
export type Identity = {
  id: string;
  kind: 'publishable' | 'secret';
  scopes: string[];
  /** The pages that it answers: its own, else those of its form. Empty: any page, and programs. */
  origins: string[];
  form: ApiKeyWithForm['form'];
  /** The key's own rate; null means the deployment's. */
  rate: Rate | null;
};

/** Either who it is, or why not. There is no such key when `keyId` is null; else `origins` are those whose pages it answers. */
export type Verification = { identity: Identity } | Refusal;

type Refusal = {
  refused: 'invalid_key' | 'revoked_key' | 'expired_key';
  keyId: string | null;
  origins: string[];
};

type VerifyDeps = Pick<Deps, 'database' | 'keyCache' | 'now' | 'waitUntil'> & {
  config: KeyConfig;
};

/**
 * Finds out whom a key belongs to. A wrong checksum is refused before any I/O; a key seen in the last seconds costs
 * none; else one database hop. Expiry is checked at every use.
 */
export async function verifyKey(deps: VerifyDeps, presented: string): Promise<Verification> {
  if (readMode(presented) !== modeOf(deps.config.environment)) return unknownKey;
  const [current, ...previous] = deps.config.secrets;
  const hash = await keyedHash(current, 'api-key', presented);
  const cached = deps.keyCache.find(hash, deps.now());
  const key = cached === undefined ? await lookUp(deps, presented, hash, previous) : cached;
  if (key === null) return unknownKey;
  const { id: keyId } = key;
  const origins = originsOf(key);
  if (key.revokedAt !== null) return { refused: 'revoked_key', keyId, origins };
  if (key.expiresAt !== null && key.expiresAt <= deps.now()) {
    return { refused: 'expired_key', keyId, origins };
  }
  if (cached === undefined) noteUse(deps, key, hash);
  return { identity: toIdentity(key) };
}

const unknownKey: Refusal = { refused: 'invalid_key', keyId: null, origins: [] };

async function lookUp(
  deps: VerifyDeps,
  presented: string,
  hash: string,
  previousSecrets: string[],
): Promise<ApiKeyWithForm | null> {
  const readAt = deps.now();
  const older = previousSecrets.map((secret) => keyedHash(secret, 'api-key', presented));
  const hashes = [hash, ...(await Promise.all(older))];
  const found = await deps.database.read((orm) => findKeyByHash(orm, hashes));
  const genuine =
    found !== undefined && hashes.some((each) => equalInConstantTime(each, found.hash));
  const key = genuine ? found : null;
  deps.keyCache.keep(hash, key, readAt);
  return key;
}

/** Beside the answer: at most one write an hour for a key in use, and one when its hash is of the old secret. */
function noteUse(deps: VerifyDeps, key: ApiKeyWithForm, hash: string): void {
  const now = deps.now();
  const stale = key.lastUsedAt === null || key.lastUsedAt < now - hourMs;
  const outdated = !equalInConstantTime(key.hash, hash);
  if (!stale && !outdated) return;
  if (!deps.keyCache.claimUse(key.id, now)) return;
  const work = deps.database.write((orm) => [
    ...(stale ? [setLastUsed(orm, key.id, now, now - hourMs)] : []),
    ...(outdated ? [setHash(orm, key.id, hash)] : []),
  ]);
  // Nothing depends on it, and the next lookup tries again.
  deps.waitUntil(work.catch(() => {}));
}

/** A key that names no origins has those of its form. */
function originsOf({ origins, form }: ApiKeyWithForm): string[] {
  return origins.length > 0 ? origins : (form?.allowedOrigins ?? []);
}

function toIdentity(key: ApiKeyWithForm): Identity {
  return {
    id: key.id,
    kind: key.kind,
    scopes: key.scopes,
    origins: originsOf(key),
    form: key.form,
    rate: key.rateLimit === null ? null : parseRate(key.rateLimit),
  };
}

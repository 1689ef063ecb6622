import { newAct, recordAct, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import type { KeyConfig } from '../env.ts';
import { AppError, invalidFields } from '../errors.ts';
import { answerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { keyedHash } from '../lib/hashing.ts';
import { newId } from '../lib/ids.ts';
import { explainReference } from '../platform/database.ts';
import type { IssueKeyBody, Scope } from './contract.ts';
import { mintKey, modeOf } from './key-format.ts';
import { insertKey, type ApiKey } from './queries.ts';

/** What every publishable key may do at its form. */
const publishableScopes: Scope[] = ['leads:write', 'subscribers:write'];

/** Who issues a key. `scopes` are what may be passed on; null for an operator at the command line. */
export type Issuer = By & { scopes: string[] | null };

/** A new key, and the only time that its text is seen. */
export type IssuedKey = { key: ApiKey; plaintext: string };

/**
 * Issues a key. Nobody can pass on a scope that they lack. A repeat under the same idempotency key is refused with
 * `conflict`: the key was shown once.
 */
export async function issueKey(
  deps: Pick<Deps, 'database' | 'now'> & { config: KeyConfig },
  body: IssueKeyBody,
  issuer: Issuer,
  tokens: IdempotencyToken[],
): Promise<IssuedKey> {
  const now = deps.now();
  const scopes = body.kind === 'secret' ? [...new Set(body.scopes)] : [];
  const passedOn = body.kind === 'secret' ? scopes : publishableScopes;
  const missing = passedOn.filter(
    (scope) => issuer.scopes !== null && !issuer.scopes.includes(scope),
  );
  if (missing.length > 0) {
    throw new AppError('insufficient_scope', `Your key cannot pass on ${missing.join(', ')}.`);
  }
  const expiresAt = body.expires_at === null ? null : Date.parse(body.expires_at);
  if (expiresAt !== null && expiresAt <= now) {
    throw invalidFields([{ field: 'expires_at', code: 'in_the_past', message: 'is in the past' }]);
  }

  const mode = modeOf(deps.config.environment);
  const plaintext = mintKey(body.kind, mode);
  const key: ApiKey = {
    id: newId('key', now),
    kind: body.kind,
    mode,
    name: body.name,
    hash: await keyedHash(deps.config.secrets[0], 'api-key', plaintext),
    lastFour: plaintext.slice(-4),
    scopes,
    origins: body.origins,
    formId: body.kind === 'publishable' ? body.form_id : null,
    rateLimit: body.rate_limit,
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    createdAt: now,
    createdBy: issuer.actor,
  };
  const { actor, requestId } = issuer;
  const detail = { kind: key.kind, scopes };
  const act = newAct({ action: 'key.issued', actor, requestId, targetId: key.id, detail, at: now });
  try {
    await answerOnce(deps, tokens, { resourceId: key.id, status: 201, body: null }, (orm) => [
      insertKey(orm, key),
      recordAct(orm, act),
    ]);
  } catch (error) {
    throw explainReference(error, 'form_id', 'form');
  }
  return { key, plaintext };
}

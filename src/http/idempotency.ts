import { invalidFields } from '../errors.ts';
import { idempotencyKeyMs, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { keyedHash } from '../lib/hashing.ts';
import type { AppContext } from './context.ts';
import { identityOf } from './guard.ts';

/**
 * Reads `Idempotency-Key`, quoted (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/) or
 * bare as most clients send it. None when the request has none.
 */
export async function readIdempotencyTokens(
  c: AppContext,
  bodyText: string,
): Promise<IdempotencyToken[]> {
  const key = readIdempotencyKey(c);
  if (key === null) return [];
  // Keyed, since a body may be little more than an address.
  const [secret] = c.var.deps.config.subjectSecrets;
  const request = `${c.req.method} ${c.req.path}\n${bodyText}`;
  const fingerprint = await keyedHash(secret, 'idempotency', request);
  return [{ sender: identityOf(c).id, key, fingerprint, keptMs: idempotencyKeyMs }];
}

/** The header's value; null when there is none. Throws `validation_failed` for one that cannot be kept. */
export function readIdempotencyKey(c: AppContext): string | null {
  const header = c.req.header('Idempotency-Key');
  if (header === undefined) return null;
  const key = /^"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?$/.exec(header)?.[1];
  if (key === undefined) {
    throw invalidFields([
      {
        field: 'Idempotency-Key',
        code: 'invalid_header',
        message: 'must be 1 to 255 visible ASCII characters',
      },
    ]);
  }
  return key;
}

/** Says that an answer is the one given before. */
export function markReplayed(c: AppContext, replayed: boolean): void {
  if (replayed) c.header('Idempotency-Replayed', 'true');
}

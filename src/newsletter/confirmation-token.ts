import type { Config } from '../env.ts';
import { keyedHash, sha256 } from '../lib/hashing.ts';
import { hourMs } from '../lib/units.ts';

/** For so long a confirmation may be pressed. */
export const confirmWithinMs = 72 * hourMs;

/** A new token of a confirmation, and what is kept of it. */
export async function confirmationToken(
  { secrets }: Pick<Config, 'secrets'>,
  confirmationId: string,
): Promise<{ token: string; tokenHash: string }> {
  const token = await keyedHash(secrets[0], 'confirmation', confirmationId);
  return { token, tokenHash: await sha256(token) };
}

/**
 * The token of a confirmation again, for the mail: it is derived, so that neither the database nor the outbox ever holds
 * it, and a mail that is sent twice is the same mail. Null where it was made under a secret that is gone.
 */
export async function tokenOf(
  { secrets }: Pick<Config, 'secrets'>,
  { id, tokenHash }: { id: string; tokenHash: string },
): Promise<string | null> {
  for (const secret of secrets) {
    const { token, tokenHash: hash } = await confirmationToken({ secrets: [secret] }, id);
    if (hash === tokenHash) return token;
  }
  return null;
}

import type { Deps } from '../deps.ts';
import { sha256 } from '../lib/hashing.ts';
import { evidenceOf, type Circumstances } from './evidence.ts';
import { subjectHashes } from '../subjects/subject-hash.ts';
import { selectConfirmations, type ConfirmationFor } from './queries.ts';
import { confirmOnce } from './statements.ts';

/** What a confirmation link leads to: `expired` also where it was pressed before, and the person has left since. */
export type Confirmation =
  | { kind: 'unknown' }
  | { kind: 'open' | 'confirmed' | 'expired'; of: ConfirmationFor };

/** What a token stands for; changes nothing. */
export async function findConfirmation(
  deps: Pick<Deps, 'database' | 'now'>,
  token: string,
): Promise<Confirmation> {
  if (!/^[\da-f]{64}$/.test(token)) return { kind: 'unknown' };
  const tokenHash = await sha256(token);
  const [found] = await deps.database.read((orm) => selectConfirmations(orm, { tokenHash }));
  if (found === undefined) return { kind: 'unknown' };
  if (found.state === 'active') return { kind: 'confirmed', of: found };
  const isOpen =
    found.usedAt === null && found.expiresAt > deps.now() && found.state !== 'complained';
  return { kind: isOpen ? 'open' : 'expired', of: found };
}

/** Confirms what a token stands for. A repeat changes nothing, and is told the same. */
export async function confirm(
  deps: Pick<Deps, 'database' | 'now' | 'config'>,
  token: string,
  circumstances: Circumstances,
): Promise<Confirmation> {
  const found = await findConfirmation(deps, token);
  if (found.kind !== 'open') return found;
  const { of } = found;
  const hashes = await subjectHashes(deps.config, of.subscriber.emailKey);
  const consent = await evidenceOf({
    ...{ action: 'confirmed', listId: of.listId, subjectHash: hashes[0] },
    ...{ actor: 'subscriber', at: deps.now(), confirmationId: of.id },
    ...circumstances,
  });
  await deps.database.write((orm) =>
    confirmOnce(orm, of, { ...consent, subscriberId: of.subscriberId }, hashes),
  );
  return findConfirmation(deps, token);
}

import type { By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { sha256 } from '../lib/hashing.ts';
import { subjectHashes } from '../subjects/subject-hash.ts';
import { suppressPerson, type PersonToSuppress } from './statements.ts';

/** Who is not to be written to any more, and why. The event's id tells a repeat from another event. */
export type Lost = Pick<PersonToSuppress, 'emailKey' | 'reason'> & { eventId: string };

/**
 * Keeps the newsletter from people whose address does not work, or who have complained: on every list, whether they are
 * subscribers or not. Only an operator takes that back. The same event again changes nothing.
 */
export async function suppressPeople(
  deps: Pick<Deps, 'database' | 'config' | 'now'>,
  people: Lost[],
  by: By,
): Promise<void> {
  const at = deps.now();
  const rows = await Promise.all(
    people.map(async ({ emailKey, reason, eventId }): Promise<PersonToSuppress> => {
      const [subjectHash] = await subjectHashes(deps.config, emailKey);
      const event = (await sha256(`${eventId} ${subjectHash}`)).slice(0, 26);
      const act = { id: `aud_${event}`, action: 'suppression.added' as const, at };
      return {
        ...{ emailKey, subjectHash, reason, consentId: `cns_${event}_` },
        act: { ...act, ...by, targetId: subjectHash, detail: { reason } },
      };
    }),
  );
  await deps.database.write((orm) => rows.flatMap((row) => suppressPerson(orm, row)));
}

import type { Config } from '../env.ts';
import { keyedHash } from '../lib/hashing.ts';
import { newId } from '../lib/ids.ts';
import type { NewOutboxRow } from '../outbox/statements.ts';

/**
 * The rows that have a form's people told of an entry: one for each person, so that a bad address keeps nobody else from
 * being told, or has them told twice. The outbox holds no address.
 */
export function leadNotices(
  { secrets }: Pick<Config, 'secrets'>,
  notifyEmails: readonly string[],
  submissionId: string,
  at: number,
): Promise<NewOutboxRow[]> {
  return Promise.all(
    notifyEmails.map(async (address) => ({
      ...{ id: newId('out', at), topic: 'lead_notification', resourceId: submissionId },
      ...{ payload: { to: await recipientKey(secrets[0], address) }, createdAt: at },
    })),
  );
}

/** What stands for one of a form's people: to nobody else does it tell the address. */
export async function recipientKey(secret: string, address: string): Promise<string> {
  return (await keyedHash(secret, 'recipient', address)).slice(0, 16);
}

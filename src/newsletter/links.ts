import type { Config } from '../env.ts';
import { equalInConstantTime, keyedHash } from '../lib/hashing.ts';

/** What the link in a mail lets its reader do. One purpose's token is good for no other. */
export type LinkPurpose = 'unsubscribe' | 'preferences';

/** Whose link it is; `listId` is empty where it is about all lists. */
export type LinkSubject = { subscriberId: string; listId: string };

type LinkConfig = Pick<Config, 'publicUrl' | 'subjectSecrets'>;

/**
 * The address of a link that never expires. Its token is derived from whom it is for, so that no row has to be kept for
 * it, and outlives a change of `APP_SECRET`.
 */
export async function linkFor(
  { publicUrl, subjectSecrets }: LinkConfig,
  purpose: LinkPurpose,
  subject: LinkSubject,
): Promise<string> {
  const token = await tokenFor(subjectSecrets[0], purpose, subject);
  return `${publicUrl}/n/${purpose}/${token}`;
}

/** Whom a token is for; null for one that we did not make. */
export async function readLinkToken(
  { subjectSecrets }: LinkConfig,
  purpose: LinkPurpose,
  token: string,
): Promise<LinkSubject | null> {
  const [subscriberId = '', listId = '', mac, ...rest] = token.split('.');
  if (mac === undefined || rest.length > 0) return null;
  const subject = { subscriberId, listId };
  const genuine = await Promise.all(
    subjectSecrets.map(async (secret) =>
      equalInConstantTime(token, await tokenFor(secret, purpose, subject)),
    ),
  );
  return genuine.includes(true) ? subject : null;
}

async function tokenFor(
  secret: string,
  purpose: LinkPurpose,
  { subscriberId, listId }: LinkSubject,
): Promise<string> {
  const text = `${purpose} ${subscriberId} ${listId}`;
  return `${subscriberId}.${listId}.${await keyedHash(secret, 'newsletter-link', text)}`;
}

import type { Config } from '../env.ts';
import { equalInConstantTime, keyedHash } from '../lib/hashing.ts';

/** What the link in a mail lets its reader do. One purpose's token is good for no other. */
export type LinkPurpose = 'unsubscribe' | 'preferences';

/** Whose link it is, and of which list. */
export type LinkSubject = {
  /** Who leaves, by the hash that outlives their row and is the same in one made anew; for preferences, the row's id. */
  person: string;
  /** Empty where it is about all lists. */
  listId: string;
};

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
  const [person = '', listId = '', mac, ...rest] = token.split('.');
  if (mac === undefined || rest.length > 0) return null;
  const subject = { person, listId };
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
  { person, listId }: LinkSubject,
): Promise<string> {
  const text = `${purpose} ${person} ${listId}`;
  return `${person}.${listId}.${await keyedHash(secret, 'mail-link', text)}`;
}

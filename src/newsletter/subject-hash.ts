import type { Config } from '../env.ts';
import { keyedHash } from '../lib/hashing.ts';

/**
 * What stands for a person where their address may not: a keyed hash of its key. The first is the one to keep, all are
 * to be looked for.
 */
export function subjectHashes(
  { subjectSecrets }: Pick<Config, 'subjectSecrets'>,
  emailKey: string,
): Promise<string[]> {
  return Promise.all(subjectSecrets.map((secret) => keyedHash(secret, 'subject', emailKey)));
}

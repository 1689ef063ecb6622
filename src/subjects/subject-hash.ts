import type { Config } from '../env.ts';
import { keyedHash } from '../lib/hashing.ts';

/** The secrets that people are known by. */
export type SubjectConfig = Pick<Config, 'subjectSecrets'>;

/**
 * What stands for a person where their address may not: a keyed hash of its key. The first is the one to keep, all are
 * to be looked for.
 */
export async function subjectHashes(
  { subjectSecrets: [current, ...previous] }: SubjectConfig,
  emailKey: string,
): Promise<[current: string, ...previous: string[]]> {
  const hash = (secret: string) => keyedHash(secret, 'subject', emailKey);
  return Promise.all([hash(current), ...previous.map((secret) => hash(secret))]);
}

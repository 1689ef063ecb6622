import type { Deps } from '../deps.ts';
import { subjectHashes, type SubjectConfig } from './subject-hash.ts';

/** A person, as an address stands for them. */
export type Subject = {
  /** The address, lower case, with its domain in punycode. */
  key: string;
  /** What stands for them where their address may not; the first is the one to keep. */
  hashes: [current: string, ...previous: string[]];
  /** Submissions of no lead that are theirs, by id. */
  submissionIds: string[];
};

/** What the use cases on a person need. */
export type SubjectDeps = Pick<Deps, 'database' | 'now'> & { config: SubjectConfig };

/** The person whom a key of an address stands for. */
export async function subjectOf(config: SubjectConfig, key: string): Promise<Subject> {
  const hashes = await subjectHashes(config, key);
  return { key, hashes, submissionIds: [] };
}

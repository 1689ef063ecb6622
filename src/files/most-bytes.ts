import { kindRules, type UploadPolicy } from './contract.ts';
import { mebibyte } from '../lib/units.ts';

/** What a deployment keeps in memory of one entry at most. */
const mostOfAny = 25 * mebibyte;

/** The most bytes of an entry under an upload policy: as many files as it takes, each as large as may be, and the rest. */
export function mostBytes({ max_files, max_bytes, kinds }: UploadPolicy): number {
  const ofKinds = Math.max(...kinds.map((kind) => kindRules[kind].maxBytes));
  return Math.min(max_files * Math.min(max_bytes, ofKinds) + mebibyte, mostOfAny);
}

/** The same in MB as visitors know them, rounded down. */
export function mostMegabytes(policy: UploadPolicy): number {
  return Math.floor(mostBytes(policy) / mebibyte);
}

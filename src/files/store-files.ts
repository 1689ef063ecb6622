import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { outsideDeadline } from '../platform/deadline.ts';
import type { AcceptedFile } from './contract.ts';
import type { FileRow } from './statements.ts';

/**
 * Puts the files of a submission into R2, all at once under new ids, and returns the rows that note them. One that
 * could not be stored has a row that says so: nobody loses an entry for it.
 */
export async function storeFiles(
  deps: Pick<Deps, 'files' | 'now' | 'deadline'>,
  submission: { id: string; createdAt: number },
  accepted: AcceptedFile[],
): Promise<FileRow[]> {
  if (accepted.length === 0) return [];
  const origin = { submissionId: submission.id, createdAt: submission.createdAt };
  const store = async ({ bytes, ...file }: AcceptedFile, index: number) => {
    // Ids sort by time, so these keep the order of the files.
    const id = newId('file', submission.createdAt + index);
    const stored = await deps.files.put(id, bytes);
    return { id, ...origin, ...file, bytes: bytes.length, stored };
  };
  return outsideDeadline(deps, () => Promise.all(accepted.map(store)));
}

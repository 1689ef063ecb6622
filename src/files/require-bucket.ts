import type { Deps } from '../deps.ts';
import { invalidFields } from '../errors.ts';
import type { UploadPolicy } from './contract.ts';

/** Throws 422 for a form that shall take files, in a deployment that has nowhere to put them. */
export function requireBucket(
  { files }: Pick<Deps, 'files'>,
  policy: UploadPolicy | null | undefined,
): void {
  if (!policy || files.bound) return;
  const message = 'needs an R2 bucket, and this deployment has none bound as FILES';
  throw invalidFields([{ field: 'uploads', code: 'not_configured', message }]);
}

import type { FieldError } from '../errors.ts';
import { readDocumentType } from '../lib/document-type.ts';
import { readImageHeader } from '../lib/image-header.ts';
import { toOneLine, toPlainText } from '../lib/plain-text.ts';
import {
  endings,
  fileKinds,
  kindRules,
  type AcceptedFile,
  type FileKind,
  type MediaType,
  type SentFile,
  type UploadPolicy,
} from './contract.ts';
import { safeFilename } from './safe-filename.ts';

/** The files that a form takes, and what is wrong with the others. */
export type CheckedFiles = { accepted: AcceptedFile[]; errors: FieldError[] };

type FileFormat = { mediaType: MediaType; width: number | null; height: number | null };
type FileError = Omit<FieldError, 'field'>;

/**
 * Holds files against the policy of their form, null where that takes none. Only their bytes count, never a name or a
 * declared type. The codes of its errors: `no_file_uploads`, `too_many_files`, `file_not_allowed`, `files_too_big`,
 * `image_too_large`.
 */
export function checkFiles(policy: UploadPolicy | null, files: SentFile[]): CheckedFiles {
  const checked: CheckedFiles = { accepted: [], errors: [] };
  for (const [index, { filename, bytes, ...sent }] of files.entries()) {
    const field = toOneLine(toPlainText(sent.field));
    const verdict = checkFile(policy, bytes, index);
    if ('code' in verdict) checked.errors.push({ field, ...verdict });
    else {
      const name = safeFilename(filename, verdict.mediaType);
      checked.accepted.push({ field, filename: name, bytes, ...verdict });
    }
  }
  return checked;
}

function checkFile(
  policy: UploadPolicy | null,
  bytes: Uint8Array,
  index: number,
): (FileFormat & { kind: FileKind }) | FileError {
  if (policy === null) {
    return { code: 'no_file_uploads', message: 'holds a file, and this form takes none' };
  }
  if (index >= policy.max_files) {
    return {
      code: 'too_many_files',
      message: `is beyond the ${policy.max_files} that may be sent`,
    };
  }
  // In our order, in which the kind that takes more comes first.
  const kinds = fileKinds.filter((kind) => policy.kinds.includes(kind));
  const content = readFormat(bytes);
  let error: FileError | null = null;
  for (const kind of kinds) {
    if (content === null || !kindRules[kind].types.includes(content.mediaType)) continue;
    const found = tooLarge(kind, content, bytes.length, policy.max_bytes);
    if (found === null) return { ...content, kind };
    error ??= found;
  }
  return error ?? notAllowed(kinds);
}

/** What the bytes are; null where they are nothing that any form takes. */
function readFormat(bytes: Uint8Array): FileFormat | null {
  const image = readImageHeader(bytes);
  if (image !== null) return image;
  const mediaType = readDocumentType(bytes);
  return mediaType === null ? null : { mediaType, width: null, height: null };
}

function tooLarge(
  kind: FileKind,
  { width, height }: FileFormat,
  size: number,
  maxBytes: number,
): FileError | null {
  const rule = kindRules[kind];
  const most = Math.min(rule.maxBytes, maxBytes);
  if (size > most) return { code: 'files_too_big', message: `must be at most ${most} bytes` };
  if (Math.max(width ?? 0, height ?? 0) <= rule.side) return null;
  const message = `must be at most ${rule.side} × ${rule.side} pixels`;
  return { code: 'image_too_large', message };
}

function notAllowed(kinds: FileKind[]): FileError {
  const types = new Set(kinds.flatMap((kind) => kindRules[kind].types));
  const names = Array.from(types, (type) => endings[type][0].toUpperCase());
  return { code: 'file_not_allowed', message: `must be ${names.join(', ')} by its content` };
}

import { fileKinds, type UploadPolicy } from '../../drizzle/forms.ts';
import { mebibyte } from '../lib/units.ts';

export { fileKinds, type UploadPolicy };

export type FileKind = (typeof fileKinds)[number];

/** A file as a form sent it: nothing of it is believed yet. */
export type SentFile = { field: string; filename: string; bytes: Uint8Array };

/** A file that the form takes, and what its bytes say of it. Sizes are pixels. */
export type AcceptedFile = SentFile & {
  kind: FileKind;
  mediaType: MediaType;
  width: number | null;
  height: number | null;
};

/** What a file of each kind may be. `side` is the longest in pixels. */
export const kindRules: Record<
  FileKind,
  { types: readonly MediaType[]; maxBytes: number; side: number }
> = {
  image: {
    types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
    maxBytes: 5 * mebibyte,
    side: 4_000,
  },
  document: {
    types: [
      'application/pdf',
      'application/msword',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'text/plain',
    ],
    maxBytes: 10 * mebibyte,
    side: Infinity,
  },
  avatar: { types: ['image/jpeg', 'image/png'], maxBytes: 2 * mebibyte, side: 1_000 },
};

/** The formats that are recognised, each with the endings of its names; the first is ours. */
export const endings = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'application/msword': ['doc'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'text/plain': ['txt'],
} as const;

export type MediaType = keyof typeof endings;

/** A file as it is shown with its submission. Its bytes are at `/v1/files/{id}`. */
export type FileJson = {
  id: string;
  /** The name of the input that it came with. */
  field: string;
  filename: string;
  kind: FileKind;
  media_type: string;
  bytes: number;
  /** In pixels; null for documents. */
  width: number | null;
  height: number | null;
  /** False where it could not be stored when it came: there are no bytes to read then. */
  stored: boolean;
};

import { AppError } from '../errors.ts';
import type { AppContext } from './context.ts';

/** What a Content-Type or Content-Disposition says: its first word in lower case, and its parameters. */
export type ParsedHeader = { type: string; parameters: Map<string, string> };

const parameter = /;\s*([^=;\s"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;

/** Reads `type; name=value; name="quoted"`. Of a parameter that is given twice, the first one counts. */
export function parseHeader(header: string): ParsedHeader {
  const type = header.split(';', 1)[0] ?? '';
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of header.slice(type.length).matchAll(parameter)) {
    const key = name.toLowerCase();
    // Browsers leave a backslash as it is, others put one before a quotation mark.
    if (!parameters.has(key)) parameters.set(key, quoted?.replaceAll('\\"', '"') ?? bare.trim());
  }
  return { type: type.trim().toLowerCase(), parameters };
}

/** Whether a form was sent in the encoding that may hold files. */
export function isMultipart(c: AppContext): boolean {
  return parseHeader(c.req.header('Content-Type') ?? '').type === 'multipart/form-data';
}

/** Throws 400 for the name of a charset that is not UTF-8, or ASCII, which is a part of it. */
export function requireUtf8(charset: string | undefined): void {
  if (/^(utf-?8|us-ascii|ascii)?$/i.test(charset ?? '')) return;
  throw new AppError(
    'unreadable_body',
    'The form has to be sent in UTF-8: give it accept-charset="utf-8".',
  );
}

/** Throws 415 for a body that is compressed: nobody knows before what it grows to. */
export function refuseCoding(c: AppContext): void {
  if (/^(identity)?$/i.test(c.req.header('Content-Encoding') ?? '')) return;
  throw new AppError('unsupported_media_type', 'Send the body without a content encoding.');
}

import { textAt } from './text-at.ts';

/** The formats of document that are told apart. */
export type DocumentType =
  | 'application/pdf'
  | 'application/msword'
  | 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  | 'text/plain';

/** Tells by its bytes which kind of document a file is; null for any other file, and for documents with macros. */
export function readDocumentType(bytes: Uint8Array): DocumentType | null {
  const magic = textAt(bytes, 0, 8);
  if (magic.startsWith('%PDF-')) return 'application/pdf';
  if (magic === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')
    return isWord(bytes) ? 'application/msword' : null;
  if (magic.startsWith('PK\x03\x04')) return isWordZip(bytes) ? wordZip : null;
  return isPlainText(bytes) ? 'text/plain' : null;
}

const wordZip = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Installers and spreadsheets begin like this too; the streams that they are made of have other names. */
function isWord(bytes: Uint8Array): boolean {
  return hasStream(bytes, 'WordDocument') && !hasStream(bytes, '_VBA_PROJECT');
}

/** Directory entries have 128 bytes and begin with their name, wherever the directory is ([MS-CFB], 2.6.1). */
function hasStream(bytes: Uint8Array, name: string): boolean {
  const wanted = `${Array.from(name, (letter) => `${letter}\0`).join('')}\0\0`;
  for (let at = 512; at < bytes.length; at += 128) {
    if (bytes[at] === wanted.charCodeAt(0) && textAt(bytes, at, wanted.length) === wanted)
      return true;
  }
  return false;
}

/** More than the names that are looked for have. */
const maxNameBytes = 100;

function isWordZip(bytes: Uint8Array): boolean {
  const names = listZip(bytes);
  if (names.some((name) => /vbaProject\.bin$/i.test(name))) return false;
  // Word for the web writes document2.xml.
  const hasBody = names.some((name) => /^word\/document\d*\.xml$/.test(name));
  return hasBody && names.includes('[Content_Types].xml');
}

/** The names in a ZIP's central directory, which its end points to (APPNOTE 4.3.12 and 4.3.16); none where it is broken. */
function listZip(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: string[] = [];
  const lowest = Math.max(0, bytes.length - 22 - 65_535);
  let end = bytes.length - 22;
  while (end >= lowest && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < lowest) return [];
  try {
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
      if (view.getUint32(at, true) !== 0x02014b50) return [];
      const length = view.getUint16(at + 28, true);
      names.push(textAt(bytes, at + 46, Math.min(length, maxNameBytes)));
      at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return names;
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

// oxlint-disable-next-line no-control-regex -- these are the characters that no text has
const binary = /[\0-\x08\x0e-\x1f\x7f]/;
/** Markup, scripts, and texts that a program runs or draws. */
const active =
  /^\s*(?:<|#!|%!|%PDF|\{\\rtf|@echo\b)|<(?:script|svg|html|body|iframe|object|embed|!doctype|\?php)\b/i;

/** Text in UTF-8, and nothing that is more than text. */
function isPlainText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    return text !== '' && !binary.test(text) && !active.test(text);
  } catch {
    return false;
  }
}

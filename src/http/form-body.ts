import { MultipartParseError, parseMultipartStream } from '@remix-run/multipart-parser';
import { AppError } from '../errors.ts';
import { decodeUrlencoded } from '../lib/decode-urlencoded.ts';
import { emptyContent, isDangerous, nestFields, type Content } from '../lib/nest-fields.ts';
import { limitBody, readText } from './body.ts';
import type { AppContext } from './context.ts';
import { clean } from './validate.ts';

/** A file as it was sent: nothing of it is believed yet. */
export type SentFile = { field: string; filename: string; bytes: Uint8Array };

/** What a form sent, in whichever of the three encodings. */
export type FormBody = { json: boolean; content: Content; files: SentFile[] };

const maxTextBytes = 32 * 1024;
const maxParts = 120;

/**
 * Reads the body of a form once: JSON, urlencoded or multipart, UTF-8 all of it. Throws 415 for another type, 400
 * for what cannot be read, 413 for what is too large, 422 for text that a database cannot hold. `maxBytes` is for the
 * files of a multipart body, together.
 */
export async function readFormBody(c: AppContext, maxBytes: number): Promise<FormBody> {
  const { type, parameters } = readMediaType(c);
  const { deps } = c.var;
  const startedAt = deps.now();
  const body = await readAs(c.req.raw, type, parameters.get('boundary') ?? '', maxBytes);
  // A slow visitor uses up none of the time that we have for the work.
  deps.deadline.at += deps.now() - startedAt;
  return { ...body, content: clean(body.content) as Content };
}

function readMediaType(c: AppContext): { type: string; parameters: Map<string, string> } {
  const [type = '', ...rest] = (c.req.header('Content-Type') ?? '').split(';');
  const parameters = new Map(
    rest.map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim().replaceAll(/^"|"$/g, '')];
    }),
  );
  requireUtf8(parameters.get('charset'));
  if (!/^(identity)?$/i.test(c.req.header('Content-Encoding') ?? '')) {
    throw new AppError('unsupported_media_type', 'Send the body without a content encoding.');
  }
  return { type: type.trim().toLowerCase(), parameters };
}

function requireUtf8(charset: string | undefined): void {
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw new AppError('unreadable_body', 'The form has to be sent in UTF-8: set accept-charset.');
}

async function readAs(
  request: Request,
  type: string,
  boundary: string,
  maxBytes: number,
): Promise<FormBody> {
  switch (type) {
    case 'application/json':
      return { json: true, content: readJsonContent(await readText(request)), files: [] };
    case 'application/x-www-form-urlencoded': {
      const entries = decodeUrlencoded(await readText(request));
      if (entries === null) throw new AppError('unreadable_body', 'The form is not in UTF-8.');
      return { json: false, content: nest(entries), files: [] };
    }
    case 'multipart/form-data': {
      const { entries, files } = await readParts(request, boundary, maxBytes);
      return { json: false, content: nest(entries), files };
    }
    default:
      throw new AppError(
        'unsupported_media_type',
        'Send application/x-www-form-urlencoded, multipart/form-data or application/json.',
      );
  }
}

/** Texts, numbers and the like come out as text, as the other encodings send them; null as nothing. */
function readJsonContent(text: string): Content {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text, (name, value: unknown) => (isDangerous(name) ? undefined : value));
  } catch {
    throw new AppError('unreadable_body', 'The body is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AppError('unreadable_body', 'The body is not a JSON object.');
  }
  return Object.assign(emptyContent(), asContent(parsed));
}

function asContent(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(asContent);
  if (typeof value !== 'object') return String(value);
  const named = Object.entries(value as object).filter(([, item]) => item !== null);
  return Object.assign(
    emptyContent(),
    Object.fromEntries(named.map(([name, item]) => [name, asContent(item)])),
  );
}

function nest(entries: [string, string][]): Content {
  requireUtf8(entries.find(([name]) => name === '_charset_')?.[1] || undefined);
  return nestFields(entries);
}

async function readParts(
  request: Request,
  boundary: string,
  maxBytes: number,
): Promise<{ entries: [string, string][]; files: SentFile[] }> {
  const entries: [string, string][] = [];
  const files: SentFile[] = [];
  const tooLarge = new AppError('body_too_large', 'The form and its files are too large.');
  if (boundary === '' || boundary.length > 70) {
    throw new AppError('unreadable_body', 'The multipart body has no usable boundary.');
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  const maxTotalSize = maxTextBytes + maxBytes;
  let textBytes = 0;
  try {
    const body = limitBody(request, maxTotalSize + maxParts * 1_024);
    const options = { boundary, maxParts, maxTotalSize, maxFileSize: maxTotalSize };
    for await (const part of parseMultipartStream(body, options)) {
      const name = part.name ?? '';
      if (part.filename !== undefined) {
        // An input that was left empty sends a file without name and content.
        if (part.size > 0) files.push({ field: name, filename: part.filename, bytes: part.bytes });
        continue;
      }
      textBytes += part.size;
      if (textBytes > maxTextBytes) throw tooLarge;
      entries.push([name, decoder.decode(part.bytes)]);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof MultipartParseError && /exceeds/.test(error.message)) throw tooLarge;
    throw new AppError('unreadable_body', 'The multipart body is broken, or not in UTF-8.');
  }
  return { entries, files };
}

import { AppError } from '../errors.ts';
import type { SentFile } from '../files/contract.ts';
import { decodeUrlencoded } from '../lib/decode-urlencoded.ts';
import { countTexts, type Content } from '../lib/content.ts';
import { nestFields, readPath } from '../lib/nest-fields.ts';
import { toPlainText } from '../lib/plain-text.ts';
import { outsideDeadline } from '../platform/deadline.ts';
import { readText, tooLarge, type BodyLimits } from './body.ts';
import type { AppContext } from './context.ts';
import { readJsonContent } from './json-content.ts';
import { parseHeader, refuseCoding, requireUtf8 } from './media-type.ts';
import { readMultipart, tooManyFields } from './multipart.ts';

/** What a form sent, in whichever of the three encodings. */
export type FormBody = {
  content: Content;
  /** The names of inputs as the form has them, by their paths in the content: `address.city` for `address[city]`. */
  inputs: Map<string, string>;
  files: SentFile[];
};

const maxTextBytes = 32 * 1_024;
/** Percent signs make three bytes of one, and JSON six of two. */
const maxEncodedBytes = 3 * maxTextBytes;
const maxFields = 200;
const maxFiles = 20;
const maxParts = maxFields + maxFiles;
/** With the boundaries and headers between the parts of a multipart body. */
const maxBytesOfParts = maxTextBytes + maxParts * 1_024;
/** A photo of 10 MB takes 80 s over 1 Mbit/s. */
const filesWithinMs = 120_000;
const withoutFiles: BodyLimits = {
  maxBytes: maxBytesOfParts,
  withinMs: 10_000,
  tooLarge: tooLarge(maxBytesOfParts),
};

/**
 * Reads the body of a form once: JSON, urlencoded or multipart, UTF-8 all of it. Its texts come out well-formed, in
 * NFC and without control characters. Throws 415 for another type, 400 for what cannot be read or does not arrive in
 * time, 413 for what is too large. `maxBytesWithFiles` is for a multipart body as a whole; null takes no files.
 */
export async function readFormBody(
  c: AppContext,
  maxBytesWithFiles: number | null,
): Promise<FormBody> {
  const { type, parameters } = parseHeader(c.req.header('Content-Type') ?? '');
  requireUtf8(parameters.get('charset'));
  refuseCoding(c);
  const boundary = parameters.get('boundary') ?? '';
  const body = await outsideDeadline(c.var.deps, () =>
    readAs(c.req.raw, type, boundary, maxBytesWithFiles),
  );
  if (new TextEncoder().encode(JSON.stringify(body.content)).length > maxTextBytes) {
    throw tooLarge(maxTextBytes);
  }
  return body;
}

async function readAs(
  request: Request,
  type: string,
  boundary: string,
  maxBytesWithFiles: number | null,
): Promise<FormBody> {
  switch (type) {
    case 'application/json': {
      const content = readJsonContent(await readText(request, maxEncodedBytes));
      if (countTexts(content) > maxFields) throw tooManyFields(maxFields);
      return { content, inputs: new Map(), files: [] };
    }
    case 'application/x-www-form-urlencoded': {
      const entries = decodeUrlencoded(await readText(request, maxEncodedBytes));
      if (entries === null) throw new AppError('unreadable_body', 'The form is not in UTF-8.');
      return { ...readFields(entries), files: [] };
    }
    case 'multipart/form-data': {
      const { entries, files } = await readMultipart(request, boundary, {
        maxTextBytes,
        maxParts,
        ...(maxBytesWithFiles === null ? withoutFiles : withFiles(maxBytesWithFiles)),
      });
      return { ...readFields(entries), files };
    }
    default:
      throw new AppError(
        'unsupported_media_type',
        'Send application/x-www-form-urlencoded, multipart/form-data or application/json.',
      );
  }
}

function withFiles(maxBytes: number): BodyLimits {
  const detail = `What is sent may hold at most ${maxBytes} bytes, with its files.`;
  return { maxBytes, withinMs: filesWithinMs, tooLarge: new AppError('files_too_big', detail) };
}

function readFields(sent: [string, string][]): Pick<FormBody, 'content' | 'inputs'> {
  if (sent.length > maxFields) throw tooManyFields(maxFields);
  // https://html.spec.whatwg.org/#attr-fe-name-charset: browsers fill it in.
  requireUtf8(sent.find(([name]) => name === '_charset_')?.[1]);
  const entries = sent.map(([name, value]) => [toPlainText(name), toPlainText(value)] as const);
  const inputs = new Map(entries.map(([name]) => [readPath(name).join('.'), name]));
  return { content: nestFields(entries), inputs };
}

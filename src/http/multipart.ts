import {
  MaxFileSizeExceededError,
  MaxPartsExceededError,
  MaxTotalSizeExceededError,
  MultipartParser,
  type MultipartPart,
} from '@remix-run/multipart-parser';
import { AppError } from '../errors.ts';
import type { SentFile } from '../files/contract.ts';
import { receiveBody, tooLarge, type BodyLimits } from './body.ts';
import { parseHeader, requireUtf8 } from './media-type.ts';

/** The parts of a multipart body: texts by the names of their inputs, and files. */
export type Parts = { entries: [name: string, value: string][]; files: SentFile[] };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads `multipart/form-data` (RFC 7578) as it arrives. Throws 400 for a body that is broken or not in UTF-8, 413
 * for one beyond the limits; `maxTextBytes` is for all that is no file.
 */
export async function readMultipart(
  request: Request,
  boundary: string,
  limits: BodyLimits & { maxTextBytes: number; maxParts: number },
): Promise<Parts> {
  const { maxBytes, maxParts, maxTextBytes } = limits;
  const parts: Parts = { entries: [], files: [] };
  let textBytes = 0;
  try {
    if (!/^[ -~]{0,69}[!-~]$/.test(boundary)) throw broken();
    const parser = new MultipartParser(boundary, {
      maxParts,
      maxFileSize: maxBytes,
      maxTotalSize: maxBytes,
    });
    for await (const chunk of receiveBody(request, limits)) {
      // What follows the last boundary means nothing, but the parser fails on it when it comes by itself.
      if (isFinished(parser)) continue;
      for (const part of parser.write(chunk)) {
        if (!addPart(parts, part)) textBytes += part.size;
        if (textBytes > maxTextBytes) throw tooLarge(maxTextBytes);
      }
    }
    parser.finish();
    return parts;
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof MaxPartsExceededError) throw tooManyFields(maxParts);
    if (error instanceof MaxFileSizeExceededError || error instanceof MaxTotalSizeExceededError) {
      throw limits.tooLarge;
    }
    throw broken();
  }
}

/** The 413 for a form with more inputs than anybody fills in. */
export function tooManyFields(most: number): AppError {
  return new AppError('body_too_large', `A form may have at most ${most} fields.`);
}

/** Adds what a part holds, and says whether that was a file. */
function addPart({ entries, files }: Parts, part: MultipartPart): boolean {
  const { headers } = part;
  const { parameters } = parseHeader(headers['content-disposition'] ?? '');
  const name = parameters.get('name');
  const coding = headers['content-transfer-encoding'] ?? '';
  if (name === undefined || !/^(7bit|8bit|binary)?$/i.test(coding)) throw broken();
  const field = unescapeName(name);
  const filename = parameters.get('filename');
  if (filename === undefined) {
    requireUtf8(parseHeader(headers['content-type'] ?? '').parameters.get('charset'));
    entries.push([field, decoder.decode(part.bytes)]);
    return false;
  }
  // An input that was left empty sends a file without name and content.
  if (filename !== '' || part.size > 0) {
    files.push({ field, filename: unescapeName(filename), bytes: part.bytes });
  }
  return true;
}

/** What browsers do to a name that would break the header: https://html.spec.whatwg.org/#multipart-form-data. */
function unescapeName(name: string): string {
  return name
    .replaceAll('%22', '"')
    .replaceAll(/%0D%0A/gi, '\n')
    .replaceAll(/%0[AD]/gi, '\n');
}

function isFinished(parser: MultipartParser): boolean {
  try {
    parser.finish();
    return true;
  } catch {
    return false;
  }
}

function broken(): AppError {
  return new AppError('unreadable_body', 'The multipart body is broken, or not in UTF-8.');
}

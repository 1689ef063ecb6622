/** Files as they begin and end on real machines, as small as they can be. */

const encoder = new TextEncoder();

type Part = string | number[] | Uint8Array;

/** Bytes of texts (a byte for each character) and numbers. */
export function bytesOf(...parts: Part[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? Array.from(part, (sign) => sign.charCodeAt(0)) : Array.from(part),
    ),
  );
}

const big16 = (value: number) => [value >>> 8, value & 255];
const big32 = (value: number) => [...big16(value >>> 16), ...big16(value & 0xffff)];
const little16 = (value: number) => big16(value).toReversed();
const little24 = (value: number) => [...little16(value & 0xffff), value >>> 16];
const little32 = (value: number) => big32(value).toReversed();

export function makePng(width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = bytesOf('IHDR', big32(width), big32(height), [8, 2, 0, 0, 0]);
  return bytesOf('\x89PNG\r\n\x1a\n', big32(13), header, big32(0), big32(0), 'IEND', big32(0));
}

/** With a thumbnail of 16 × 16 in its Exif segment, and a progressive frame where asked for. */
export function makeJpeg(width: number, height: number, frame = 0xc0): Uint8Array<ArrayBuffer> {
  const thumbnail = bytesOf([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 16, 0, 16], [0xff, 0xd9]);
  const exif = bytesOf('Exif\0\0', thumbnail);
  return bytesOf(
    [0xff, 0xd8, 0xff, 0xe1, ...big16(exif.length + 2)],
    exif,
    [0xff, 0xc4, 0, 3, 0],
    // A fill byte, then the frame.
    [0xff, 0xff, frame, 0, 17, 8, ...big16(height), ...big16(width), 3],
    [1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1],
    [0xff, 0xda, 0, 2, 0x12, 0xff, 0xd9],
  );
}

/** A screen of this size, and on it a frame that may be larger. */
export function makeGif(
  width: number,
  height: number,
  frame: [left: number, top: number, width: number, height: number] = [0, 0, width, height],
): Uint8Array<ArrayBuffer> {
  const place = frame.flatMap((value) => little16(value));
  return bytesOf(
    ['GIF89a', little16(width), little16(height), [0x80, 0, 0], [0, 0, 0, 255, 255, 255]].flatMap(
      (part) => Array.from(bytesOf(part)),
    ),
    [0x21, 0xf9, 4, 0, 0, 0, 0, 0],
    [0x2c, ...place, 0, 2, 2, 0x44, 1, 0],
    ';',
  );
}

export function makeWebp(
  width: number,
  height: number,
  format: 'VP8 ' | 'VP8L' | 'VP8X' = 'VP8 ',
): Uint8Array<ArrayBuffer> {
  const size = {
    'VP8 ': [0x30, 1, 0, 0x9d, 1, 0x2a, ...little16(width), ...little16(height)],
    VP8L: [0x2f, ...little32((width - 1) | ((height - 1) << 14))],
    VP8X: [0, 0, 0, 0, ...little24(width - 1), ...little24(height - 1)],
  }[format];
  const chunk = bytesOf(format, little32(size.length), size, [0, 0]);
  return bytesOf('RIFF', little32(chunk.length + 4), 'WEBP', chunk);
}

export function makePdf(): Uint8Array<ArrayBuffer> {
  return bytesOf('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
}

/** An OLE file with these streams: `WordDocument` makes it one of Word's. */
export function makeOle(...streams: string[]): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(512);
  header.set(bytesOf('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'));
  const entries = ['Root Entry', ...streams].map((name) => {
    const entry = new Uint8Array(128);
    entry.set(Array.from(name).flatMap((letter) => little16(letter.charCodeAt(0))));
    return entry;
  });
  return bytesOf(header, ...entries);
}

/** A ZIP that holds empty files of these names. */
export function makeZip(...names: string[]): Uint8Array<ArrayBuffer> {
  const locals = names.map((name) =>
    bytesOf('PK\x03\x04', Array(22).fill(0), little16(name.length), [0, 0], name),
  );
  const central = names.map((name) =>
    bytesOf('PK\x01\x02', Array(24).fill(0), little16(name.length), Array(16).fill(0), name),
  );
  const [before, size] = [locals, central].map((parts) => bytesOf(...parts).length);
  const count = little16(names.length);
  const end = bytesOf('PK\x05\x06', [0, 0, 0, 0], count, count, little32(size ?? 0));
  return bytesOf(...locals, ...central, end, little32(before ?? 0), [0, 0]);
}

export function makeDocx(...more: string[]): Uint8Array<ArrayBuffer> {
  return makeZip('[Content_Types].xml', 'word/document.xml', ...more);
}

export function makeText(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(encoder.encode(text));
}

import { textAt } from './text-at.ts';

/** What an image's header says: its format, and its size in pixels. */
export type ImageHeader = {
  mediaType: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';
  width: number;
  height: number;
};

type Size = readonly [width: number, height: number];

const formats = [
  { mediaType: 'image/jpeg', magic: /^\xff\xd8\xff/, readSize: readJpeg },
  // oxlint-disable-next-line no-control-regex -- that is how it begins
  { mediaType: 'image/png', magic: /^\x89PNG\r\n\x1a\n\0\0\0\rIHDR/, readSize: readPng },
  { mediaType: 'image/gif', magic: /^GIF8[79]a/, readSize: readGif },
  { mediaType: 'image/webp', magic: /^RIFF[^]{4}WEBPVP8[ LX]/, readSize: readWebp },
] as const;

/** Reads the header of a JPEG, PNG, GIF or WebP. Null for anything else, and for one that is broken or has no area. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const format = formats.find(({ magic }) => magic.test(textAt(bytes, 0, 16)));
  if (format === undefined) return null;
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [width, height] = format.readSize(view) ?? [0, 0];
    return width > 0 && height > 0 ? { mediaType: format.mediaType, width, height } : null;
  } catch (error) {
    // It points beyond its end.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Goes from marker to marker up to the frame header (ITU-T T.81, B.2.2), past the thumbnails that lie in others. */
function readJpeg(view: DataView): Size | null {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    // Fill bytes may stand before a marker; a scan before its frame is broken.
    if (marker === 0xff) at += 1;
    else if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xda)) return null;
    else at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** https://www.w3.org/TR/png-3/#11IHDR */
function readPng(view: DataView): Size {
  return [view.getUint32(16), view.getUint32(20)];
}

/** The screen, or more where a frame reaches beyond it: some readers make room for that (GIF89a, 18 to 23). */
function readGif(view: DataView): Size | null {
  let width = view.getUint16(6, true);
  let height = view.getUint16(8, true);
  let frames = 0;
  let at = 13 + colorTableBytes(view.getUint8(10));
  while (at < view.byteLength) {
    const block = view.getUint8(at);
    if (block === 0x3b) break;
    if (block === 0x2c) {
      width = Math.max(width, view.getUint16(at + 1, true) + view.getUint16(at + 5, true));
      height = Math.max(height, view.getUint16(at + 3, true) + view.getUint16(at + 7, true));
      frames += 1;
      at += 11 + colorTableBytes(view.getUint8(at + 9));
    } else if (block === 0x21) at += 2;
    else return null;
    for (let size = view.getUint8(at); size > 0; size = view.getUint8(at)) at += 1 + size;
    at += 1;
  }
  return frames > 0 ? [width, height] : null;
}

function colorTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1);
}

/** Lossy, lossless or extended: https://developers.google.com/speed/webp/docs/riff_container. */
function readWebp(view: DataView): Size | null {
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  switch (view.getUint8(15)) {
    case 0x58:
      return [1 + uint24(24), 1 + uint24(27)];
    case 0x4c: {
      const bits = view.getUint32(21, true);
      return view.getUint8(20) === 0x2f
        ? [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)]
        : null;
    }
    default:
      if (uint24(23) !== 0x2a019d) return null;
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  }
}

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { readImageHeader } from '../../src/lib/image-header.ts';
import { bytesOf, makeGif, makeJpeg, makePng, makeWebp } from '../support/sample-files.ts';

/** Files that programs have written, each a dot. */
const written = {
  'image/png':
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'image/gif': 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  'image/webp': 'UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA',
};

const kinds = {
  'a JPEG': [makeJpeg, 'image/jpeg', 65_535],
  'a progressive JPEG': [(w: number, h: number) => makeJpeg(w, h, 0xc2), 'image/jpeg', 65_535],
  'a PNG': [makePng, 'image/png', 2 ** 31 - 1],
  'a GIF': [makeGif, 'image/gif', 65_535],
  'a lossy WebP': [makeWebp, 'image/webp', 16_383],
  'a lossless WebP': [(w: number, h: number) => makeWebp(w, h, 'VP8L'), 'image/webp', 16_384],
  'an extended WebP': [(w: number, h: number) => makeWebp(w, h, 'VP8X'), 'image/webp', 2 ** 24],
} as const;

describe('the header of an image', () => {
  for (const [name, [make, mediaType, largest]] of Object.entries(kinds)) {
    it(`says how large ${name} is`, ({ expect }) => {
      const side = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constant(largest));
      fc.assert(
        fc.property(side, side, (width, height) => {
          expect(readImageHeader(make(width, height))).toEqual({ mediaType, width, height });
        }),
        { numRuns: 300 },
      );
    });

    it(`says nothing where ${name} is cut, but for what it said whole`, ({ expect }) => {
      const whole = make(640, 480);
      for (let length = 0; length < whole.length; length += 1) {
        const header = readImageHeader(whole.subarray(0, length));
        if (header !== null) expect(header).toEqual({ mediaType, width: 640, height: 480 });
      }
    });

    it(`is read or refused, whatever happened to the bytes of ${name}`, ({ expect }) => {
      const change = fc.tuple(fc.nat({ max: 90 }), fc.integer({ min: 0, max: 255 }));
      fc.assert(
        fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
          const bytes = make(640, 480);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          const header = readImageHeader(bytes);
          expect(header === null || (header.width > 0 && header.height > 0)).toBe(true);
        }),
        { numRuns: 2_000 },
      );
    });
  }

  it('is found in what programs write', ({ expect }) => {
    for (const [mediaType, text] of Object.entries(written)) {
      const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
      expect(readImageHeader(bytes)).toEqual({ mediaType, width: 1, height: 1 });
    }
  });

  it('counts the whole of a GIF whose frame is larger than its screen', ({ expect }) => {
    const header = readImageHeader(makeGif(1, 1, [10, 20, 60_000, 5]));
    expect(header).toMatchObject({ width: 60_010, height: 25 });
  });

  it('is none in other bytes, in no area, and in what only begins like one', ({ expect }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(readImageHeader(bytes)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
    for (const bytes of [
      makePng(0, 10),
      makeJpeg(10, 0),
      makeGif(0, 0),
      bytesOf('GIF89a', [1, 0, 1, 0, 0, 0, 0], ';'),
      bytesOf('GIF89a', [1, 0, 1, 0, 0, 0, 0], '<script>alert(1)</script>'),
      bytesOf([0xff, 0xd8, 0xff, 0xd9]),
      bytesOf([0xff, 0xd8, 0xff, 0xda], makeJpeg(1, 1)),
      bytesOf([0xff, 0xd8], Array(5_000).fill(0xff)),
      bytesOf('RIFF\0\0\0\0WEBPVP8 ', Array(40).fill(0)),
      bytesOf('RIFF\0\0\0\0WEBPVP8L', Array(40).fill(0)),
      bytesOf('RIFF\0\0\0\0WAVEfmt ', Array(40).fill(1)),
      bytesOf('BM', Array(60).fill(1)),
    ]) {
      expect(readImageHeader(bytes)).toBeNull();
    }
  });
});

import { describe, it } from 'vitest';
import { checkFiles } from '../../src/files/check-files.ts';
import type { FileKind, UploadPolicy } from '../../src/files/contract.ts';
import { bytesOf, makeGif, makeJpeg, makePdf, makePng } from '../support/sample-files.ts';

const mebibyte = 1_048_576;

function policyOf(kinds: FileKind[], more: Partial<UploadPolicy> = {}): UploadPolicy {
  return { max_files: 3, max_bytes: 10 * mebibyte, kinds, ...more };
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const all = new Uint8Array(size);
  all.set(bytes);
  return all;
}

/** The kind that a file was taken as, or the code of what is wrong with it. */
function verdictOn(policy: UploadPolicy | null, ...files: Uint8Array[]): string[] {
  const sent = files.map((bytes, at) => ({ field: `file${at}`, filename: 'photo.jpg', bytes }));
  const { accepted, errors } = checkFiles(policy, sent);
  const verdicts = [
    ...accepted.map(({ field, kind }) => [field, kind] as const),
    ...errors.map(({ field, code }) => [field, code] as const),
  ];
  return verdicts.toSorted(([a], [b]) => a.localeCompare(b)).map(([, verdict]) => verdict);
}

describe('the files that a form takes', () => {
  it('are of its kinds, by their content, whatever they are called', ({ expect }) => {
    const each = [makePng(9, 9), makeGif(9, 9), makePdf(), bytesOf('MZ\0')];
    const takes = (kinds: FileKind[]) => each.flatMap((file) => verdictOn(policyOf(kinds), file));
    const no = 'file_not_allowed';
    expect(takes(['image'])).toEqual(['image', 'image', no, no]);
    expect(takes(['avatar'])).toEqual(['avatar', no, no, no]);
    expect(takes(['document'])).toEqual([no, no, 'document', no]);
    expect(takes(['avatar', 'image', 'document'])).toEqual(['image', 'image', 'document', no]);
  });

  it.for<[FileKind, Uint8Array, number]>([
    ['image', makePng(9, 9), 5 * mebibyte],
    ['avatar', makeJpeg(9, 9), 2 * mebibyte],
    ['document', makePdf(), 10 * mebibyte],
  ])('are no larger than their kind: %s', ([kind, file, most], { expect }) => {
    expect(verdictOn(policyOf([kind]), padded(file, most))).toEqual([kind]);
    expect(verdictOn(policyOf([kind]), padded(file, most + 1))).toEqual(['files_too_big']);
  });

  it('are no larger than the form says, each', ({ expect }) => {
    const policy = policyOf(['image', 'document'], { max_bytes: 1_000 });
    const files = [padded(makePng(9, 9), 1_000), padded(makePdf(), 1_001)];
    expect(verdictOn(policy, ...files)).toEqual(['image', 'files_too_big']);
  });

  it('have no more pixels than their kind, in either direction', ({ expect }) => {
    const image = policyOf(['image']);
    const sizes = [makePng(4_000, 4_000), makePng(4_001, 1), makeJpeg(1, 4_001)];
    expect(verdictOn(image, ...sizes)).toEqual(['image', 'image_too_large', 'image_too_large']);
    const avatar = policyOf(['avatar']);
    const small = [makePng(1_000, 1_000), makePng(1_001, 1), makeJpeg(1, 1_001)];
    expect(verdictOn(avatar, ...small)).toEqual(['avatar', 'image_too_large', 'image_too_large']);
  });

  it('are held against the kind that allows more, where two fit', ({ expect }) => {
    const both = policyOf(['avatar', 'image']);
    expect(verdictOn(both, padded(makePng(2_000, 2_000), 3 * mebibyte))).toEqual(['image']);
    const { errors } = checkFiles(both, [{ field: 'a', filename: '', bytes: makePng(5_000, 1) }]);
    expect(errors[0]?.message).toBe('must be at most 4000 × 4000 pixels');
  });

  it('are no more than the form says; the first ones count', ({ expect }) => {
    const policy = policyOf(['image'], { max_files: 2 });
    const files = [makePng(1, 1), bytesOf('MZ\0'), makePng(1, 1), makePng(1, 1)];
    const many = 'too_many_files';
    expect(verdictOn(policy, ...files)).toEqual(['image', 'file_not_allowed', many, many]);
  });

  it('are none where it has no policy', ({ expect }) => {
    expect(verdictOn(null, makePng(1, 1), bytesOf('MZ\0'))).toEqual([
      'no_file_uploads',
      'no_file_uploads',
    ]);
    expect(checkFiles(null, [])).toEqual({ accepted: [], errors: [] });
  });

  it('are known by a name of their own making and the input that they came from', ({ expect }) => {
    const sent = { field: 'c\u0000v\u202e', filename: '../Zoë.HTML', bytes: makePdf() };
    expect(checkFiles(policyOf(['document']), [sent]).accepted).toEqual([
      {
        field: 'c v',
        filename: 'Zoë.HTML.pdf',
        bytes: sent.bytes,
        kind: 'document',
        mediaType: 'application/pdf',
        width: null,
        height: null,
      },
    ]);
  });
});

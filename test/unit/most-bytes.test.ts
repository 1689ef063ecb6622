import { describe, it } from 'vitest';
import type { FileKind } from '../../src/files/contract.ts';
import { mostBytes } from '../../src/files/most-bytes.ts';

const mebibyte = 1_048_576;

describe('the most bytes of an entry', () => {
  it.for<[max_files: number, max_bytes: number, kinds: FileKind[], most: number]>([
    [1, 1, ['image'], mebibyte + 1],
    [3, 5 * mebibyte, ['image'], 16 * mebibyte],
    [3, 10 * mebibyte, ['image'], 16 * mebibyte],
    [2, 10 * mebibyte, ['avatar', 'document'], 21 * mebibyte],
    [2, 10 * mebibyte, ['avatar'], 5 * mebibyte],
    [10, 10 * mebibyte, ['document'], 25 * mebibyte],
  ])('are those of %i files of %i bytes, %j', ([max_files, max_bytes, kinds, most], { expect }) => {
    expect(mostBytes({ max_files, max_bytes, kinds })).toBe(most);
  });
});

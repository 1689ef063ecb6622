import { describe, it } from 'vitest';
import { crc32 } from '../../src/lib/crc32.ts';

describe('CRC-32', () => {
  it.for([
    ['', 0],
    ['a', 0xe8b7be43],
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
    ['Grüße 😀', 0xf4e068bd],
  ] as const)('of %j is the one that zip computes', ([text, checksum], { expect }) => {
    expect(crc32(text)).toBe(checksum);
  });
});

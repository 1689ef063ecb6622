import { describe, it } from 'vitest';
import { createUploadRoom } from '../../src/files/upload-room.ts';

const mebibyte = 1_048_576;

describe('the room for entries with files', () => {
  it('takes as many as fit, and others once those are gone, however they went', async ({
    expect,
  }) => {
    const room = createUploadRoom();
    const first = Promise.withResolvers<string>();
    const second = Promise.withResolvers<string>();
    const held = [
      room.hold(25 * mebibyte, () => first.promise),
      room.hold(25 * mebibyte, () => second.promise),
    ];
    await expect(room.hold(1, () => Promise.resolve('third'))).rejects.toMatchObject({
      code: 'unavailable',
      retryAfter: 5,
    });
    first.resolve('first');
    second.reject(new Error('second'));
    expect(await held[0]).toBe('first');
    await expect(held[1]).rejects.toThrow('second');
    expect(await room.hold(50 * mebibyte, () => Promise.resolve('all'))).toBe('all');
  });
});

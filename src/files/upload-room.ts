import { AppError } from '../errors.ts';
import { mebibyte } from '../lib/units.ts';

/**
 * Of the 128 MB of an isolate (https://developers.cloudflare.com/workers/platform/limits/#memory). An entry may need
 * twice its size, while a file is put together of its pieces.
 */
const roomBytes = 50 * mebibyte;

/** The memory that entries with files share in an isolate. */
export type UploadRoom = {
  /** Does work that holds so many bytes. Throws `unavailable` where there is no room for them now. */
  hold<T>(bytes: number, work: () => Promise<T>): Promise<T>;
};

/** An empty room. */
export function createUploadRoom(): UploadRoom {
  let free = roomBytes;
  return {
    async hold(bytes, work) {
      if (bytes > free) {
        throw new AppError('unavailable', 'Too many files arrive at once. Try again shortly.', {
          retryAfter: 5,
          reason: 'uploads',
        });
      }
      free -= bytes;
      try {
        return await work();
      } finally {
        free += bytes;
      }
    },
  };
}

import { AppError } from '../errors.ts';
import { within } from '../lib/within.ts';

/** What is used of the platform's bucket, https://developers.cloudflare.com/r2/api/workers/workers-api-reference/. */
export type Bucket = Pick<R2Bucket, 'put' | 'get' | 'delete' | 'list'>;

/** Private storage of bytes under ids. Calls but `put` throw `unavailable` when it does not answer in time. */
export type FileStore = {
  /** False in a deployment without a bucket: then nothing is ever stored. */
  bound: boolean;
  /** Returns false when the bytes may not have been stored. */
  put(id: string, bytes: Uint8Array): Promise<boolean>;
  /** Null where nothing is stored under the id. */
  get(id: string): Promise<ReadableStream | null>;
  /** Removes at most 1,000; one that is not there counts as removed. */
  remove(ids: string[]): Promise<void>;
  /** The first ids, at most 1,000, that sort after a text. */
  listAfter(text: string): Promise<string[]>;
};

/** How long one call to R2 may take, in milliseconds. */
const timeoutMs = 2_000;

/** Opens the bucket of a deployment; null stands for one that has none. */
export function openFileStore(bucket: Bucket | null): FileStore {
  const call = async <T>(act: (bucket: Bucket) => Promise<T>): Promise<T> => {
    if (bucket === null) throw unavailable('NoBucket');
    try {
      return await within(timeoutMs, unavailable('TimeoutError'), act(bucket));
    } catch (error) {
      throw error instanceof AppError ? error : unavailable('R2Error');
    }
  };
  return {
    bound: bucket !== null,
    async put(id, bytes) {
      const httpMetadata = { contentType: 'application/octet-stream' };
      try {
        await call((r2) => r2.put(id, bytes, { httpMetadata }));
        return true;
      } catch {
        return false;
      }
    },
    get: (id) => call(async (r2) => (await r2.get(id))?.body ?? null),
    remove: (ids) => call((r2) => r2.delete(ids)),
    listAfter: async (startAfter) => {
      const { objects } = await call((r2) => r2.list({ startAfter, limit: 1_000 }));
      return objects.map((object) => object.key);
    },
  };
}

function unavailable(reason: string): AppError {
  return new AppError('unavailable', 'The service cannot reach its files. Try again shortly.', {
    retryAfter: 5,
    reason,
  });
}

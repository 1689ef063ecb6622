import { env } from 'cloudflare:workers';
import type { Bucket } from '../../src/platform/files.ts';

/** The bucket that the Worker under test has. */
export const bucket = (env as unknown as { FILES: Bucket }).FILES;

/** The real bucket, but for some of its calls. */
export function bucketWith(calls: Partial<Bucket>): Bucket {
  return {
    put: bucket.put.bind(bucket),
    get: bucket.get.bind(bucket),
    delete: bucket.delete.bind(bucket),
    list: bucket.list.bind(bucket),
    ...calls,
  } as Bucket;
}

/** A bucket whose calls fail as R2's do. */
export const refused = () => Promise.reject(new Error('put: upstream text (10001)'));

/** A call that never answers. */
export const hanging = () => new Promise<never>(() => {});

/** The ids under which something is stored, of those given. */
export async function storedOf(ids: string[]): Promise<string[]> {
  const found = await Promise.all(
    ids.map(async (id) => {
      const object = await bucket.get(id);
      await object?.arrayBuffer();
      return object !== null;
    }),
  );
  return ids.filter((_, at) => found[at]);
}

import * as z from 'zod/mini';

/** A moment in ISO 8601 with its offset, which comes out as epoch milliseconds. */
export const isoInstant = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((text) => Date.parse(text)),
);

/** Epoch milliseconds as ISO 8601 in UTC. */
export function toIso(at: number): string {
  return new Date(at).toISOString();
}

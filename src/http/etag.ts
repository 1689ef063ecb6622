import { invalidFields } from '../errors.ts';
import type { AppContext } from './context.ts';

/** Puts a resource's version on the answer as a strong ETag (RFC 9110, 8.8.3); of what never changes, its id. */
export function writeETag(c: AppContext, version: number | string): void {
  c.header('ETag', `"${version}"`);
}

/**
 * The versions in `If-Match`; null without the header or for `*`. A tag that is not ours matches no version. A weak
 * one counts as strong: a proxy that compresses makes ours weak, and our versions compare strongly all the same.
 */
export function readIfMatch(c: AppContext): number[] | null {
  const header = c.req.header('If-Match');
  if (header === undefined || header.trim() === '*') return null;
  return header.split(',').map((tag) => {
    const text = /^\s*(?:W\/)?"([^"]*)"\s*$/.exec(tag)?.[1];
    if (text === undefined) {
      throw invalidFields([
        {
          field: 'If-Match',
          code: 'invalid_header',
          message: 'must hold the ETag as it was given',
        },
      ]);
    }
    // Nothing has version 0.
    return /^\d{1,15}$/.test(text) ? Number(text) : 0;
  });
}

/** Whether the caller has this version already, by `If-None-Match`. */
export function isCurrent(c: AppContext, version: number | string): boolean {
  const tags = (c.req.header('If-None-Match') ?? '').split(',');
  return tags.some((tag) => ['*', `"${version}"`].includes(tag.trim().replace(/^W\//, '')));
}

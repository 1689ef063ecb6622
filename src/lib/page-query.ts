import * as z from 'zod/mini';

const limit = z.coerce.number().check(z.int(), z.gte(1), z.lte(200));

/** The query parameters that every list takes: pages of 50, at most 200. */
export const pageQuery = {
  limit: z._default(limit, 50),
  cursor: z.optional(z.string().check(z.maxLength(500))),
};

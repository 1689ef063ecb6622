import type * as z from 'zod/mini';
import { invalidFields } from '../errors.ts';
import { check, clean } from '../lib/check.ts';
import type { AppContext } from './context.ts';

/** Checks query parameters against a contract. One that is given twice is refused. */
export function readQuery<T extends z.ZodMiniType>(c: AppContext, schema: T): z.output<T> {
  const repeated = Object.entries(c.req.queries()).filter(([, values]) => values.length > 1);
  if (repeated.length > 0) {
    throw invalidFields(
      repeated.map(([field]) => ({ field, code: 'repeated', message: 'may be given only once' })),
    );
  }
  return check(schema, clean(c.req.query()));
}

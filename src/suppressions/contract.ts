import * as z from 'zod/mini';
import { suppressionReasons } from '../../drizzle/newsletter.ts';
import { email } from '../subscribers/profile.ts';
import { textOf } from '../lib/text.ts';

const listId = z.optional(textOf(1, 60));

/** What `GET /v1/suppressions` can be asked for. */
export const suppressionFilter = z.strictObject({
  email: z.optional(email),
  list_id: listId,
  reason: z.optional(z.enum(suppressionReasons)),
});

export type SuppressionFilter = z.output<typeof suppressionFilter>;

/** The body of `POST /v1/suppressions`; without a list it is about all of them. */
export const newSuppressionBody = z.strictObject({ email, list_id: listId });

export type NewSuppression = z.output<typeof newSuppressionBody>;

/** The query of `DELETE /v1/suppressions`. What the person or their provider has said is lifted only by its name. */
export const liftQuery = z.strictObject({
  email,
  list_id: listId,
  reason: z._default(z.enum(suppressionReasons), 'blocked'),
});

export type Lift = z.output<typeof liftQuery>;

/** A suppression as it is shown. */
export type SuppressionJson = {
  /** The keyed hash that stands for the person. */
  subject: string;
  /** Null: all lists. */
  list_id: string | null;
  reason: string;
  actor: string;
  created_at: string;
};

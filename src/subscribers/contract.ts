import * as z from 'zod/mini';
import { subscriptionStates } from '../../drizzle/newsletter.ts';
import { nullableText, textOf } from '../lib/text.ts';
import { isoInstant } from '../lib/time.ts';
import { attributeChanges, email, language, tags, type AttributeValue } from './profile.ts';

/** The body of `PATCH /v1/subscribers/{id}`: only what is named changes, of the attributes too, and null empties it. */
export const subscriberChangesBody = z
  .partial(
    z.strictObject({
      full_name: nullableText(255),
      language,
      tags,
      attributes: attributeChanges,
      email: z.custom<never>(() => false, {
        error: 'cannot be changed: a person with another address signs up anew',
        params: { code: 'not_changeable' },
      }),
    }),
  )
  .check(z.refine((changes) => Object.keys(changes).length > 0, 'must name at least one field'));

export type SubscriberChanges = z.output<typeof subscriberChangesBody>;

/** The body of `POST /v1/subscribers/{id}/unsubscribe`; without a list it is about all of them. */
export const unsubscribeBody = z.strictObject({ list_id: z.optional(textOf(1, 60)) });

/** What `GET /v1/subscribers` can be asked for. `created_after` is inclusive, `created_before` is not. */
export const subscriberFilter = z.strictObject({
  email: z.optional(email),
  list_id: z.optional(textOf(1, 60)),
  state: z.optional(z.enum(subscriptionStates)),
  tag: z.optional(textOf(1, 50)),
  created_after: z.optional(isoInstant),
  created_before: z.optional(isoInstant),
});

export type SubscriberFilter = z.output<typeof subscriberFilter>;

/** A subscriber as it is shown. Times are ISO 8601. */
export type SubscriberJson = {
  id: string;
  email: string;
  full_name: string | null;
  language: string | null;
  tags: string[];
  attributes: Record<string, AttributeValue>;
  subscriptions: { list_id: string; state: string; created_at: string; updated_at: string }[];
  created_at: string;
  updated_at: string;
  version: number;
};

import * as z from 'zod/mini';
import { subscriptionStates } from '../../drizzle/newsletter.ts';
import { parseEmail } from '../lib/email.ts';
import { nullableLines, nullableText, parsedText, textOf } from '../lib/text.ts';

/** The list that a sign-up joins when it names none. A migration makes it. */
export const firstListId = 'list_newsletter';

const email = parsedText(254, parseEmail, {
  code: 'invalid_email',
  message: 'must be an email address',
});

/** What the person saw and agreed to. */
const consent = z.strictObject({
  text: z._default(nullableLines(2_000), null),
  version: z._default(nullableText(100), null),
  page: z._default(nullableText(2_048), null),
});

/** The body of `POST /v1/subscribers`. */
export const subscribeBody = z.strictObject({
  email,
  full_name: z._default(nullableText(255), null),
  list_id: z._default(textOf(1, 60), firstListId),
  language: z._default(nullableText(35), null),
  consent: z._default(consent, { text: null, version: null, page: null }),
});

export type SubscribeBody = z.output<typeof subscribeBody>;

/** What `GET /v1/subscribers` can be asked for. */
export const subscriberFilter = z.strictObject({
  email: z.optional(email),
  list_id: z.optional(textOf(1, 60)),
  state: z.optional(z.enum(subscriptionStates)),
});

export type SubscriberFilter = z.output<typeof subscriberFilter>;

/** A subscriber as it is shown. Times are ISO 8601. */
export type SubscriberJson = {
  id: string;
  email: string;
  full_name: string | null;
  subscriptions: { list_id: string; state: string; created_at: string; updated_at: string }[];
  created_at: string;
  updated_at: string;
};

import * as z from 'zod/mini';
import { nullableLines, nullableText, textOf } from '../lib/text.ts';
import { attributes, email, language, tags } from '../subscribers/profile.ts';

/** The list that a sign-up joins when it names none. A migration makes it. */
export const firstListId = 'list_newsletter';

/** What the person saw and agreed to. */
const consent = z.strictObject({
  text: z._default(nullableLines(2_000), null),
  version: z._default(nullableText(100), null),
  page: z._default(nullableText(2_048), null),
});

/** The body of `POST /v1/subscribers` under a publishable key. */
export const subscribeBody = z.strictObject({
  email,
  full_name: z._default(nullableText(255), null),
  list_id: z._default(textOf(1, 60), firstListId),
  language: z._default(nullableText(35), null),
  consent: z._default(consent, { text: null, version: null, page: null }),
});

export type SubscribeBody = z.output<typeof subscribeBody>;

/** The body of `POST /v1/subscribers` under a secret key. */
export const newSubscriberBody = z.extend(subscribeBody, {
  language: z._default(language, null),
  tags: z._default(tags, []),
  attributes: z._default(attributes, {}),
});

export type NewSubscriberBody = z.output<typeof newSubscriberBody>;

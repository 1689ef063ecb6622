import * as z from 'zod/mini';
import { subscriptionStates } from '../../drizzle/newsletter.ts';
import { parseEmail } from '../lib/email.ts';
import { characters, nullableLines, nullableParsed, nullableText } from '../lib/text.ts';
import { parsedText, textOf } from '../lib/text.ts';
import { isoInstant } from '../lib/time.ts';

/** The list that a sign-up joins when it names none. A migration makes it. */
export const firstListId = 'list_newsletter';

/** An address in the body or query of a request. */
export const email = parsedText(254, parseEmail, {
  code: 'invalid_email',
  message: 'must be an email address',
});

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

const tags = z.pipe(
  z.array(textOf(1, 50)).check(z.maxLength(50)),
  z.transform((given) => [...new Set(given)]),
);

/** What is known of somebody by one name. */
export type AttributeValue = string | number | boolean;

function isAttribute(value: unknown): value is AttributeValue {
  if (typeof value === 'string') return characters(value) <= 500;
  return typeof value === 'boolean' || Number.isFinite(value);
}

/** Whether attributes are few and short enough to be kept. */
export function areKept(attributes: Record<string, unknown>): boolean {
  const bytes = new TextEncoder().encode(JSON.stringify(attributes));
  return Object.keys(attributes).length <= 50 && bytes.length <= 8_192;
}

/** The error of attributes that are not. */
export const tooManyAttributes = {
  field: 'attributes',
  code: 'too_big',
  message: 'must be at most 50, and 8192 bytes of JSON in all',
};

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Named values. Not z.record, which weighs 2 kB for this alone. */
function attributesOf<T>(isValue: (value: unknown) => value is T) {
  const named = z.custom<Record<string, T>>(isObject, {
    error: 'must be an object',
    params: { code: 'invalid_type' },
  });
  return named.check(
    z.superRefine((given, { issues }) => {
      const refuse = (path: string[], code: string, message: string) =>
        issues.push({ code: 'custom', path, message, params: { code }, input: given });
      for (const [name, value] of Object.entries(given)) {
        if (!/^[\w.-]{1,50}$/.test(name)) refuse([name], 'invalid_name', nameRule);
        if (!isValue(value)) refuse([name], 'invalid_attribute', valueRule);
      }
      if (!areKept(given)) refuse([], tooManyAttributes.code, tooManyAttributes.message);
    }),
  );
}

const nameRule = 'must have a name of 1 to 50 characters: letters a to z, digits, _, - and .';
const valueRule = 'must be a text of at most 500 characters, a number, true or false';

/** The body of `POST /v1/subscribers` under a secret key. */
export const newSubscriberBody = z.extend(subscribeBody, {
  tags: z._default(tags, []),
  attributes: z._default(attributesOf(isAttribute), {}),
});

export type NewSubscriberBody = z.output<typeof newSubscriberBody>;

const language = nullableParsed(35, parseLanguage, {
  code: 'invalid_language',
  message: 'must be a language such as de or pt-BR',
});

/** A tag of BCP 47 as it is written best; null for what has not its form. */
function parseLanguage(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null;
  } catch {
    return null;
  }
}

/** The body of `PATCH /v1/subscribers/{id}`: only what is named changes, of the attributes too, and null empties it. */
export const subscriberChangesBody = z
  .partial(
    z.strictObject({
      full_name: nullableText(255),
      language,
      tags,
      attributes: attributesOf((value): value is AttributeValue | null => {
        return value === null || isAttribute(value);
      }),
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

import * as z from 'zod/mini';
import { parseEmail } from '../lib/email.ts';
import { characters, nullableParsed, parsedText, textOf } from '../lib/text.ts';

/** How many tags a subscriber may have, and how many attributes. */
export const mostOfEach = 50;

/** As many bytes of JSON may all attributes of a subscriber be. */
export const mostAttributeBytes = 8_192;

/** An address in the body or query of a request. */
export const email = parsedText(254, parseEmail, {
  code: 'invalid_email',
  message: 'must be an email address',
});

/** The language of a person's mails and pages. */
export const language = nullableParsed(35, parseLanguage, {
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

/** Words that subscribers are sorted by, each once. */
export const tags = z.pipe(
  z.array(textOf(1, 50)).check(z.maxLength(mostOfEach)),
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
  return Object.keys(attributes).length <= mostOfEach && bytes.length <= mostAttributeBytes;
}

/** The error of attributes that are not. */
export const tooManyAttributes = {
  field: 'attributes',
  code: 'too_big',
  message: `must be at most ${mostOfEach}, and ${mostAttributeBytes} bytes of JSON in all`,
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

/** What else is known of a subscriber, by name. */
export const attributes = attributesOf(isAttribute);

/** Changes of it: null takes a name away. */
export const attributeChanges = attributesOf((value): value is AttributeValue | null => {
  return value === null || isAttribute(value);
});

import type { Content, ContentValue } from './content.ts';

/** What was sent, as texts: with a key came JSON, with more than texts in it. */
export function toContent(record: object): Content {
  const named = Object.entries(record).filter(([, value]) => value !== null);
  return Object.fromEntries(named.map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): ContentValue {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(toValue);
  return typeof value === 'object' && value !== null ? toContent(value) : String(value);
}

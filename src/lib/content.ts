/** What was sent, by name: texts, and lists and objects of them. Has no prototype, so that any name is only a name. */
export type Content = { [name: string]: ContentValue };
export type ContentValue = string | ContentValue[] | Content;

/** How many names and places may stand within each other. */
export const maxDepth = 8;

/** Names that a careless reader of the stored JSON could trip over. */
const dangerous = new Set(['__proto__', 'constructor', 'prototype']);

/** A record without a prototype. */
export function emptyContent(): Content {
  return Object.create(null) as Content;
}

/** Whether a name is one that no content may have. */
export function isDangerous(name: string): boolean {
  return dangerous.has(name);
}

/** Whether a value has names in it. */
export function isContent(value: ContentValue | undefined): value is Content {
  return typeof value === 'object' && !Array.isArray(value);
}

/** How many texts there are in a value, as another encoding would send them. What is empty has to be read, too. */
export function countTexts(value: ContentValue): number {
  if (typeof value === 'string') return 1;
  return Object.values(value).reduce((sum: number, item) => sum + countTexts(item), 0) || 1;
}

/** A value as one text: ticked boxes are a list, and `name[first]` with `name[last]` is a name. */
export function contentText(value: ContentValue): string {
  if (typeof value === 'string') return value;
  const texts = Object.values(value)
    .map((item) => contentText(item))
    .filter((text) => text.trim() !== '');
  return [...new Set(texts)].join(Array.isArray(value) ? ', ' : ' ');
}

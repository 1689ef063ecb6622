/** What was sent, by name: texts, and lists and objects of them. Has no prototype, so that any name is only a name. */
export type Content = { [name: string]: ContentValue };
export type ContentValue = string | ContentValue[] | Content;

const maxDepth = 4;
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

/**
 * Builds what names such as `tags[]`, `tags[0]`, `address[city]` and a repeated `tags` mean. A name that asks for too
 * much, or contradicts an earlier one, stays as it was written; dangerous names are left out.
 */
export function nestFields(entries: readonly (readonly [name: string, value: string])[]): Content {
  const content = emptyContent();
  for (const [name, value] of entries) {
    const path = readPath(name);
    if (path.some((part) => dangerous.has(part))) continue;
    if (path.length > maxDepth || !place(content, path, value)) place(content, [name], value);
  }
  return content;
}

/** `a[b][]` is a, b and the empty part, which means the next place of a list. */
function readPath(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name);
  if (match === null) return [name];
  const [, head = '', rest = ''] = match;
  return [head, ...rest.slice(1, -1).split('][')];
}

function place(content: Content, path: string[], value: string): boolean {
  const [head = '', ...rest] = path;
  const [next] = rest;
  const present = content[head];
  if (next === undefined) {
    content[head] = present === undefined ? value : append(present, value);
    return true;
  }
  if (rest.length === 1 && isIndex(next)) {
    if (present !== undefined && !Array.isArray(present)) return false;
    content[head] = append(present ?? [], value);
    return true;
  }
  if (isIndex(next)) return placeInList(content, head, rest, value);
  if (present !== undefined && !isContent(present)) return false;
  const inner = present ?? emptyContent();
  content[head] = inner;
  return place(inner, rest, value);
}

/** `people[0][name]`: an object at a place of a list, which has to be the last one or the next. */
function placeInList(content: Content, head: string, rest: string[], value: string): boolean {
  const [index = '', ...inside] = rest;
  const present = content[head] ?? [];
  if (!Array.isArray(present)) return false;
  const at = index === '' ? present.length : Number(index);
  const element = present[at] ?? emptyContent();
  if (at > present.length || !isContent(element) || !place(element, inside, value)) return false;
  present[at] = element;
  content[head] = present;
  return true;
}

function append(present: ContentValue, value: string): ContentValue {
  return Array.isArray(present) ? [...present, value] : [present, value];
}

function isIndex(part: string): boolean {
  return /^\d{0,3}$/.test(part);
}

function isContent(value: ContentValue): value is Content {
  return typeof value === 'object' && !Array.isArray(value);
}

import {
  emptyContent,
  isContent,
  isDangerous,
  maxDepth,
  type Content,
  type ContentValue,
} from './content.ts';

/**
 * Builds what names such as `tags[]`, `tags[0]`, `address[city]`, `address.city` and a repeated `tags` mean. A name
 * that asks for too much, or contradicts an earlier one, stays as it was written, so that no value is lost; dangerous
 * names are left out.
 */
export function nestFields(entries: readonly (readonly [name: string, value: string])[]): Content {
  const content = emptyContent();
  for (const [name, value] of entries) {
    const path = readPath(name);
    if (path.some(isDangerous)) continue;
    const placed = path.length <= maxDepth && put(content, path, value) !== null;
    if (!placed) content[name] = append(content[name], value);
  }
  return content;
}

/** The names and places in the name of an input: `a[b][]` and `a.b[]` are a, b, and the next place of a list. */
export function readPath(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (match === null) return [name];
  const [, head = '', rest = ''] = match;
  const places = rest === '' ? [] : rest.slice(1, -1).split('][');
  // A sentence may have dots as well.
  return /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+$/u.test(head)
    ? [...head.split('.'), ...places]
    : [head, ...places];
}

/** Puts a value at a path within what stands there, and returns that; null, and nothing changed, where it cannot. */
function put(
  present: ContentValue | undefined,
  path: string[],
  value: string,
): ContentValue | null {
  const [part, ...rest] = path;
  if (part === undefined) return isContent(present) ? null : append(present, value);
  if (!isContent(present) && /^\d{0,3}$/.test(part)) {
    if (typeof present === 'string') return null;
    const list = present ?? [];
    const at = part === '' ? list.length : Number(part);
    const inside = at > list.length ? null : put(list[at], rest, value);
    if (inside === null) return null;
    list[at] = inside;
    return list;
  }
  if (part === '' || (present !== undefined && !isContent(present))) return null;
  const record = present ?? emptyContent();
  const inside = put(record[part], rest, value);
  if (inside === null) return null;
  record[part] = inside;
  return record;
}

function append(present: ContentValue | undefined, value: string): ContentValue {
  if (present === undefined) return value;
  return Array.isArray(present) ? [...present, value] : [present, value];
}

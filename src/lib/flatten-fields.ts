import type { Content, ContentValue } from './content.ts';
import { readPath } from './nest-fields.ts';

/** The inputs of a form that sends this content: `nestFields` the other way round. */
export function flattenFields(content: Content): [name: string, value: string][] {
  return Object.entries(content).flatMap(([name, value]) => flatten(name, value));
}

function flatten(name: string, value: ContentValue): [name: string, value: string][] {
  if (typeof value === 'string') return [[name, value]];
  return Object.entries(value).flatMap(([inner, item]) =>
    flatten(
      Array.isArray(value) && typeof item === 'string' ? `${name}[]` : `${name}[${inner}]`,
      item,
    ),
  );
}

/** Whether two names of inputs mean the same place: `tags[]` and `tags`, `address.city` and `address[city]`. */
export function isSameInput(one: string, other: string): boolean {
  return pathOf(one) === pathOf(other);
}

function pathOf(name: string): string {
  return readPath(name)
    .filter((part) => part !== '')
    .join('.');
}

import { contentText, isContent, type Content, type ContentValue } from '../lib/content.ts';

/** The inputs of a form, or of one group in it, by their plain names. */
export type Group = Map<string, { input: string; text: string }>;

/**
 * The top of the content, and what is grouped in it: `contact[email]`, or a list of names and values. `inputs` are the
 * names of the inputs as the form has them, by their paths.
 */
export function groupFields(content: Content, inputs: Map<string, string>): Group[] {
  const top: Group = new Map();
  const groups = [top];
  for (const [name, value] of Object.entries(content)) {
    addTo(top, name, name, value);
    const inside: Group = new Map();
    for (const item of [value].flat().filter(isContent)) {
      for (const [inner, held] of namedIn(item)) {
        const path = `${name}.${inner}`;
        const input = Array.isArray(value) ? inner : (inputs.get(path) ?? path);
        addTo(inside, inner, input, held);
      }
    }
    if (inside.size > 0) groups.push(inside);
  }
  return groups;
}

/** HubSpot's fields are `{name, value}`; Forminit's blocks are that too, or have `properties`. */
function namedIn(item: Content): [name: string, value: ContentValue][] {
  const { name, value, properties } = item;
  if (isContent(properties)) return Object.entries(properties);
  if (typeof name === 'string' && value !== undefined) return [[name, value]];
  return Object.entries(item);
}

/** Of several inputs that mean the same, the first one filled in counts. */
function addTo(group: Group, name: string, input: string, value: ContentValue): void {
  const plain = plainName(name);
  const text = contentText(value).trim();
  const known = group.get(plain);
  if (known === undefined || known.text === '') group.set(plain, { input, text });
}

/** A name without case, punctuation and Forminit's `fi-sender-`. */
function plainName(name: string): string {
  return name
    .replace(/^fi-[a-z]+-/i, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

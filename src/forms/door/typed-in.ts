import { flattenFields, isSameInput } from '../../lib/flatten-fields.ts';
import type { Content } from '../../lib/content.ts';

/** What was typed into an input; null where the form has none of this name. Several values are joined. */
export function typedIn(content: Content, input: string): string | null {
  const values = flattenFields(content).filter(([name]) => isSameInput(name, input));
  return values.length === 0 ? null : values.map(([, value]) => value).join(', ');
}

import { OperatorError } from './command.ts';
import { UsageError } from './parameters.ts';

/** Where in a row of a file each field of a subscriber is. */
export type Columns = {
  email: number;
  /** Several are put together, as a first and a last name are. */
  full_name: number[];
  language: number | null;
  tags: number | null;
  attributes: { name: string; at: number }[];
  /** How many columns a row must have. */
  count: number;
};

/** What the columns are called, in small letters and digits alone; the first name of each is the field's own. */
const names: Record<string, string[]> = {
  email: ['email', 'emailaddress', 'mail', 'mailaddress'],
  full_name: ['fullname', 'name'],
  first_name: ['firstname', 'givenname', 'forename'],
  last_name: ['lastname', 'surname', 'familyname'],
  language: ['language', 'lang', 'locale'],
  tags: ['tags', 'tag'],
};

/**
 * Finds the columns by the first line of a file, by their usual names or those of `--map email=Contact,full_name=Who`.
 * Throws {@link UsageError}, {@link OperatorError}.
 */
export function findColumns(
  header: string[],
  { map = '', attributes = '' }: { map?: string | undefined; attributes?: string | undefined },
): Columns {
  const mapped = readMap(map);
  const heads = header.map((head) => plain(head));
  const find = (field: string): number | null => {
    const wanted = mapped.get(field);
    if (wanted !== undefined) return requireColumn(heads, wanted, '--map');
    const name = names[field]?.find((each) => heads.includes(each));
    return name === undefined ? null : requireColumn(heads, name, 'the file');
  };
  const email = find('email');
  if (email === null) {
    throw new OperatorError(
      'the first line names no column for the address; say which with --map email=<column>',
    );
  }
  const whole = find('full_name');
  const parts = whole === null ? [find('first_name'), find('last_name')] : [whole];
  return {
    email,
    full_name: parts.filter((at) => at !== null),
    language: find('language'),
    tags: find('tags'),
    attributes: readAttributes(splitList(attributes), heads),
    count: header.length,
  };
}

function unlessEmpty(field: string, value: string | string[] | object) {
  return Object.keys(value).length === 0 ? {} : { [field]: value };
}

/** A row of a file as an import takes it. What is empty says nothing. */
export function toRow(columns: Columns, cells: string[]): Record<string, unknown> {
  const cellAt = (at: number | null) => (at === null ? '' : (cells[at] ?? '').trim());
  const name = columns.full_name.map((at) => cellAt(at)).filter((part) => part !== '');
  const about = columns.attributes.map(({ name, at }) => [name, cellAt(at)] as const);
  return {
    email: cellAt(columns.email),
    ...unlessEmpty('full_name', name.join(' ')),
    ...unlessEmpty('language', cellAt(columns.language)),
    ...unlessEmpty('tags', splitList(cellAt(columns.tags))),
    ...unlessEmpty('attributes', Object.fromEntries(about.filter(([, value]) => value !== ''))),
  };
}

function readMap(map: string): Map<string, string> {
  const pairs = Array.from(
    map.matchAll(/([^=,]+)=("[^"]+"|[^",]+)(?:,|$)/gy),
    ([pair, field, head]) =>
      [pair, (field ?? '').trim(), (head ?? '').replaceAll('"', '')] as const,
  );
  const fields = new Map(pairs.map(([, field, head]) => [field, head]));
  const isRead = pairs.map(([pair]) => pair).join('') === map && fields.size === pairs.length;
  if (!isRead || pairs.some(([, field]) => !Object.hasOwn(names, field))) {
    const known = Object.keys(names).join(', ');
    throw new UsageError(
      `--map must look like email=Contact,full_name=Who; its fields are ${known}, each once`,
    );
  }
  return fields;
}

/** Columns by the names that they are kept by: letters a to z, digits and a few signs. */
function readAttributes(wanted: string[], heads: string[]): Columns['attributes'] {
  const attributes = wanted.map((head) => ({
    name: head.replaceAll(/[^\w.-]+/g, '_').slice(0, 50),
    at: requireColumn(heads, head, '--attributes'),
  }));
  const own = new Set(attributes.map(({ name }) => name).filter((name) => /[^_]/.test(name)));
  if (own.size === attributes.length) return attributes;
  throw new UsageError(
    '--attributes names columns that would not have a name of their own in a to z, digits, _, - and .: rename them in the file',
  );
}

function requireColumn(heads: string[], wanted: string, by: string): number {
  const at = heads.indexOf(plain(wanted));
  if (at === -1) {
    throw new UsageError(`${by} names a column that the first line of the file does not have`);
  }
  if (at === heads.lastIndexOf(plain(wanted))) return at;
  throw new OperatorError(
    `${by} names several columns ${JSON.stringify(wanted)}: rename all but one in its first line`,
  );
}

/** So that E-Mail, e_mail and "Email " are one. Letters of every script count. */
function plain(head: string): string {
  return head
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function splitList(text: string): string[] {
  const words = text.split(/[,;]/).map((word) => word.trim());
  return words.filter((word) => word !== '');
}

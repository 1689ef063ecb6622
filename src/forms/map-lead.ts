import type { Content, ContentValue } from '../lib/nest-fields.ts';

/** A lead as the fields of a form give it, before any check: by the names of the API. */
export type MappedLead = {
  fields: Record<string, unknown>;
  /** The name of the input that each one came from, for error messages. */
  inputs: Record<string, string>;
  /** What a lead has no room for, or had no use of; it is kept with the submission. */
  unmapped: string[];
};

/** The names of inputs, without case and punctuation, that mean a field of a lead. The first one filled in counts. */
const names = {
  full_name: ['fullname', 'name', 'yourname', 'contactname', 'fisendername', 'fisenderfullname'],
  first_name: ['firstname', 'fname', 'givenname', 'forename', 'fisenderfirstname'],
  last_name: ['lastname', 'lname', 'surname', 'familyname', 'fisenderlastname'],
  email: ['email', 'emailaddress', 'mail', 'youremail', 'fisenderemail', 'replyto'],
  phone_number: [
    'phonenumber',
    'phone',
    'tel',
    'telephone',
    'mobile',
    'yourphone',
    'fisenderphone',
  ],
  company_name: ['companyname', 'company', 'organization', 'organisation', 'fisendercompany'],
  position: ['position', 'jobtitle', 'title', 'role', 'fisenderposition'],
  notes: [
    'notes',
    'message',
    'comments',
    'comment',
    'description',
    'inquiry',
    'enquiry',
    'yourmessage',
  ],
  category: ['category', 'topic'],
  source: ['source', 'leadsource'],
} as const;

type Name = keyof typeof names;

const attributionNames = [
  ...['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'],
  ...['gclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'ttclid', 'li_fat_id', 'page', 'referrer'],
];

const longest = { attribution: 255, address: 2_048 };

/**
 * Makes of a form's fields what a lead has room for. `first_name` and `last_name` make a name; a form that asks for no
 * name gives the lead its address as one. Several values for one field are joined.
 */
export function mapLead(content: Content): MappedLead {
  const inputs: Record<string, string> = {};
  const used = new Set<string>();
  const plain = new Map<string, string>();
  for (const input of Object.keys(content)) {
    const name = input.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
    if (!plain.has(name) || isBlank(content[plain.get(name) ?? ''])) plain.set(name, input);
  }
  const find = (field: Name): string | undefined => {
    const candidates = names[field].flatMap((name) => plain.get(name) ?? []);
    const input = candidates.find((name) => !isBlank(content[name])) ?? candidates[0];
    if (input === undefined) return undefined;
    used.add(input);
    inputs[field] = input;
    return textOf(content[input]);
  };
  const [first, last] = [find('first_name'), find('last_name')];
  const parts = [first, last].filter((part) => part !== undefined && part !== '').join(' ');
  const asked = find('full_name') || parts;
  inputs['full_name'] ??= inputs['first_name'] ?? inputs['last_name'] ?? 'name';
  const given = Object.fromEntries(
    (['email', 'phone_number', 'company_name', 'position', 'notes', 'category', 'source'] as const)
      .map((field) => [field, find(field)] as const)
      .filter(([, text]) => text !== undefined),
  );
  const asksForName = ['full_name', 'first_name', 'last_name'].some(
    (name) => name in inputs && used.has(inputs[name] ?? ''),
  );
  const attribution = takeAttribution(content, plain, used);
  const { first_name: _first, last_name: _last, ...fieldInputs } = inputs;
  return {
    fields: {
      ...given,
      source: given['source'] || attribution['utm_source'] || null,
      full_name: asksForName ? asked : given['company_name'] || given['email'],
      attribution,
    },
    inputs: fieldInputs,
    unmapped: Object.keys(content).filter((input) => !used.has(input)),
  };
}

/** Campaign parameters, cut to what is stored: nobody typed them, so nobody could mend them. */
function takeAttribution(content: Content, plain: Map<string, string>, used: Set<string>) {
  const found: Record<string, string> = {};
  for (const name of attributionNames) {
    const input = plain.get(name.replaceAll('_', ''));
    const text = input === undefined ? '' : textOf(content[input]).replaceAll(/\p{C}/gu, '').trim();
    if (input === undefined || text === '') continue;
    used.add(input);
    const room = ['page', 'referrer'].includes(name) ? longest.address : longest.attribution;
    found[name] = Array.from(text).slice(0, room).join('');
  }
  return found;
}

function isBlank(value: ContentValue | undefined): boolean {
  return textOf(value).trim() === '';
}

function textOf(value: ContentValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return (Array.isArray(value) ? value : Object.values(value))
    .map((item) => textOf(item))
    .filter((text) => text !== '')
    .join(', ');
}

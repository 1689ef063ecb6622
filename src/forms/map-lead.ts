import { contentText, type Content } from '../lib/content.ts';
import { leadName, longestSource } from '../leads/contract.ts';
import { toOneLine, withoutInvisible } from '../lib/plain-text.ts';
import { firstCharacters } from '../lib/text.ts';
import { groupFields, type Group } from './field-groups.ts';
import { findAttribution } from './find-attribution.ts';
import type { Form } from './queries.ts';

/** A lead as the fields of a form give it, before any check: by the names of the API. */
export type MappedLead = {
  fields: Record<string, unknown>;
  /** The name of the input that each one came from, as the form has it, for error messages. */
  inputs: Record<string, string>;
};

/** What is known of an entry beside its content: the inputs' names by their paths, and the page that sent it. */
export type Surroundings = { inputs?: Map<string, string>; referer?: string | null };

/** Plain names of inputs, and the field of a lead that each of them means. The first one filled in counts. */
const names = {
  full_name: ['fullname', 'name', 'yourname', 'contactname'],
  first_name: ['firstname', 'fname', 'givenname', 'forename'],
  last_name: ['lastname', 'lname', 'surname', 'familyname'],
  email: ['email', 'emailaddress', 'mail', 'youremail', 'replyto'],
  phone_number: [
    ...['phonenumber', 'phone', 'tel', 'telephone', 'yourphone'],
    ...['mobile', 'mobilephone', 'mobilenumber'],
  ],
  company_name: ['companyname', 'company', 'organization', 'organisation'],
  position: ['position', 'jobtitle', 'title', 'role'],
  notes: [
    ...['notes', 'message', 'yourmessage', 'comments', 'comment', 'description'],
    ...['inquiry', 'enquiry'],
  ],
  category: ['category', 'topic'],
  source: ['source', 'leadsource'],
} as const;

type Name = keyof typeof names;

/**
 * Makes of a form's fields what a lead has room for. They stand at the top, or together in one group such as
 * `contact[email]`, or a list of names and values. A form that asks for no name gives the lead its company or its
 * address as one.
 */
export function mapLead(content: Content, { inputs, referer }: Surroundings = {}): MappedLead {
  const groups = groupFields(content, inputs ?? new Map());
  const group = groups.find(givesContact) ?? groups.find(hasContact) ?? groups[0] ?? new Map();
  const find = (field: Name) => {
    const found = names[field].flatMap((name) => group.get(name) ?? []);
    return found.find(({ text }) => text !== '') ?? found[0];
  };
  const oneLine = (field: Name) => toOneLine(find(field)?.text ?? '');
  const [full, first, last] = [oneLine('full_name'), oneLine('first_name'), oneLine('last_name')];
  const nameInput = find('full_name') ?? find('first_name') ?? find('last_name');
  const contact = {
    email: withoutInvisible(find('email')?.text ?? ''),
    phone_number: withoutInvisible(find('phone_number')?.text ?? ''),
    company_name: oneLine('company_name'),
  };
  const attribution = findAttribution(groups, referer ?? null);
  const sources = Object.keys(names).map((field) => [field, find(field as Name)?.input] as const);
  const reached = find('email') ?? find('phone_number');
  return {
    fields: {
      ...contact,
      full_name:
        nameInput === undefined
          ? (standInName(contact.company_name) ?? (contact.email || undefined))
          : joinNames(full, first, last),
      position: oneLine('position'),
      notes: find('notes')?.text ?? '',
      category: oneLine('category'),
      source: oneLine('source') || sourceOf(attribution),
      attribution,
    },
    inputs: {
      ...(Object.fromEntries(sources.filter(([, input]) => input !== undefined)) as object),
      ...(nameInput === undefined ? {} : { full_name: nameInput.input }),
      ...(reached === undefined ? {} : { email: reached.input }),
    },
  };
}

/** The language that a sign-up asks for; at a form for leads it is an input like any other. */
export function languageIn(content: Content, { kind }: Pick<Form, 'kind'>): string | null {
  const text = contentText(content['language'] ?? '').trim();
  return kind === 'newsletter' && text !== '' ? text : null;
}

/** Some forms ask for `name` and `last_name`. */
function joinNames(full: string, first: string, last: string): string {
  const before = first || full;
  const joined = before.endsWith(` ${last}`) ? before : `${before} ${last}`.trim();
  return first === '' || full === '' ? joined : full;
}

/** A company, where it may stand in for a name. */
function standInName(company: string): string | null {
  return leadName.safeParse(company).success ? company : null;
}

const contacts = [...names.email, ...names.phone_number];

function hasContact(group: Group): boolean {
  return contacts.some((name) => group.has(name));
}

function givesContact(group: Group): boolean {
  return contacts.some((name) => (group.get(name)?.text ?? '').trim() !== '');
}

/** The source of a lead by its campaign, as much of it as a lead has room for; null where it has none. */
export function sourceOf(attribution: Record<string, string>): string | null {
  return firstCharacters(attribution['utm_source'] ?? '', longestSource).trim() || null;
}

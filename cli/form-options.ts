import type { Command } from './command.ts';
import { optionOf, settingsOf } from './input.ts';
import { text, texts, UsageError } from './parameters.ts';

/** The options that say how a form is to be. */
export const formOptions = {
  name: text,
  source: text,
  category: text,
  status: text,
  origin: texts,
  'redirect-url': text,
  'error-url': text,
  notify: texts,
  captcha: text,
  'captcha-action': text,
  'captcha-outage': text,
  uploads: text,
  'max-files': text,
  'max-bytes': text,
  'rate-limit': text,
  repeat: text,
  disposable: text,
  'retention-days': text,
  list: text,
  'site-name': text,
  color: text,
} as const;

/** What each of {@link formOptions} means. */
export const formOptionHelp: Command['takes'] = [
  ['--name <text>', 'to recognise it by'],
  ['--source <text>', 'of the leads that name none'],
  ['--category <text>', 'of the leads that name none'],
  ['--status <word>', 'of its leads; new when not given'],
  ['--origin <https://…>', 'a site that may post to it; may be given again; any when not given'],
  ['--redirect-url <https://…>', 'where visitors go afterwards; our thank-you page when not given'],
  ['--error-url <https://…>', 'where they go when it fails; our error page when not given'],
  ['--notify <email>', 'who hears of each lead; may be given again'],
  ['--captcha <provider>:<site key>', 'turnstile, hcaptcha or recaptcha'],
  ['--captcha-action <word>', 'the action that the widget names'],
  ['--captcha-outage accept|refuse', 'while the provider is away; accept when not given'],
  ['--uploads <kind,kind>', 'files that it takes: image, document, avatar'],
  ['--max-files <number>', 'at most 10; 3 when not given'],
  ['--max-bytes <number>', 'of one file, at most 10485760; 5242880 when not given'],
  ['--rate-limit <10/1h>', 'entries of one visitor'],
  ['--repeat touch|new', 'a person who comes back: an event on the open lead, or a new lead'],
  ['--disposable accept|flag|refuse', 'throw-away addresses; flag when not given'],
  ['--retention-days <number>', 'for how long its entries are kept; for ever when not given'],
  ['--list <list_…>', 'of a form for sign-ups: the public list that they are for'],
  ['--site-name <text>', 'what visitors read on our pages; the form’s name when not given'],
  ['--color <#1a2b3c>', 'the accent of our pages'],
];

/** The options of a new form: what comes of its entries stays as it is. */
export const newFormOptions = { kind: text, ...formOptions } as const;

/** The words behind {@link newFormOptions}, as they were typed. */
export type FormWords = {
  [Name in keyof typeof newFormOptions]?: (typeof newFormOptions)[Name] extends typeof texts
    ? string[]
    : string;
};

const plainFields = [
  ...['name', 'site_name', 'color', 'redirect_url', 'error_url', 'rate_limit'],
  ...['default_source', 'default_category', 'default_status'],
  ...['repeat_contacts', 'disposable_emails', 'retention_days'],
  ...['kind', 'list_id'],
  ...['allowed_origins', 'notify_emails'],
];

/** What options say in the fields of the HTTP API, still to be checked. `none` empties a field. */
export function readFormOptions(words: FormWords): Record<string, unknown> {
  return {
    ...settingsOf(plainFields, words),
    ...readGroup('captcha', words, ['action', 'on_outage'], readCaptcha),
    ...readGroup('uploads', words, ['max_files', 'max_bytes'], (kinds) => ({
      kinds: kinds.split(','),
    })),
  };
}

/** A field that holds several: the option of its name makes it, and others say more. */
function readGroup(
  group: 'captcha' | 'uploads',
  words: FormWords,
  names: string[],
  read: (word: string) => object,
): Record<string, unknown> {
  const fields = names.map((name) => `${group}.${name}`);
  const more = Object.entries(settingsOf(fields, words));
  const word = words[group];
  const [first] = more;
  if (word === undefined && first === undefined) return {};
  if (word === undefined || (word === 'none' && first !== undefined)) {
    const option = optionOf(first?.[0] ?? '');
    throw new UsageError(`--${option} says something of --${group}: give that, too`);
  }
  const inside = more.map(([field, value]) => [field.slice(group.length + 1), value]);
  return { [group]: word === 'none' ? null : { ...read(word), ...Object.fromEntries(inside) } };
}

function readCaptcha(word: string): object {
  const [provider, ...siteKey] = word.split(':');
  return { provider, site_key: siteKey.join(':') };
}

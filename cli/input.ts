import type * as z from 'zod/mini';
import { AppError, type FieldError } from '../src/errors.ts';
import { check, clean } from '../src/lib/check.ts';
import { UsageError } from './parameters.ts';

/** The options whose field in a contract has another name. */
const options: Record<string, string> = {
  form_id: 'form',
  list_id: 'list',
  full_name: 'name',
  tags: 'tag',
  attributes: 'attribute',
  origins: 'origin',
  allowed_origins: 'origin',
  default_source: 'source',
  default_category: 'category',
  default_status: 'status',
  notify_emails: 'notify',
  repeat_contacts: 'repeat',
  disposable_emails: 'disposable',
  'captcha.action': 'captcha-action',
  'captcha.on_outage': 'captcha-outage',
  'uploads.max_files': 'max-files',
  'uploads.max_bytes': 'max-bytes',
};

/** Checks options against the contract of the HTTP API. Throws {@link UsageError}. */
export function checkInput<T extends z.ZodMiniType>(schema: T, input: object): z.output<T> {
  try {
    return check(schema, clean(input));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(sentenceFor(error.fields), { cause: error });
  }
}

/** Checks options that filter or add something, each as the field of its name. Throws {@link UsageError}. */
export function checkOptions<T extends z.ZodMiniObject>(schema: T, values: Values): z.output<T> {
  return checkInput(schema, fieldsOf(Object.keys(schema.shape), values));
}

/** Checks options that change something. Throws {@link UsageError}, also where there is none. */
export function checkChanges<T extends z.ZodMiniType>(schema: T, changes: object): z.output<T> {
  if (Object.keys(changes).length === 0) throw new UsageError('no option says what to change');
  return checkInput(schema, changes);
}

type Values = Record<string, unknown>;

/** What options say of some fields of a contract, as it was typed. */
function fieldsOf(fields: string[], values: Values): Values {
  const named = fields.map((field) => [field, values[optionOf(field)]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

/** The same of what is kept: `none` empties a field, and some fields are numbers. */
export function settingsOf(fields: string[], values: Values): Values {
  const given = Object.entries(fieldsOf(fields, values));
  return Object.fromEntries(given.map(([field, value]) => [field, settingOf(field, value)]));
}

const numbers = new Set(['retention_days', 'keep_hours', 'uploads.max_files', 'uploads.max_bytes']);

function settingOf(field: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.join() === 'none' ? [] : value;
  if (value === 'none') return null;
  return numbers.has(field) && /^\d+$/.test(String(value)) ? Number(value) : value;
}

/** What is wrong with fields, in the names of their options. */
export function sentenceFor(fields: FieldError[]): string {
  return fields.map(({ field, message }) => `--${optionOf(field)} ${message}`).join('; ');
}

/** The option, without its hyphens, that says what a field of a contract holds: `origin` for `allowed_origins.0`. */
export function optionOf(field: string): string {
  const [name = ''] = field.split('.');
  return options[field] ?? options[name] ?? name.replaceAll('_', '-');
}

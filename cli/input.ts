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

/** What is wrong with fields, in the names of their options. */
export function sentenceFor(fields: FieldError[]): string {
  return fields.map(({ field, message }) => `--${optionOf(field)} ${message}`).join('; ');
}

/** The option, without its hyphens, that says what a field of a contract holds: `origin` for `allowed_origins.0`. */
export function optionOf(field: string): string {
  const [name = ''] = field.split('.');
  return options[field] ?? options[name] ?? name.replaceAll('_', '-');
}

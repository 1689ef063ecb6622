import type { FormChanges, NewForm } from './contract.ts';
import type { Form } from './queries.ts';

type Settings = Omit<Form, 'id' | 'createdAt' | 'updatedAt' | 'version'>;

const columns = {
  name: 'name',
  active: 'active',
  site_name: 'siteName',
  color: 'color',
  allowed_origins: 'allowedOrigins',
  redirect_url: 'redirectUrl',
  error_url: 'errorUrl',
  default_source: 'defaultSource',
  default_category: 'defaultCategory',
  default_status: 'defaultStatus',
  captcha: 'captcha',
  notify_emails: 'notifyEmails',
  uploads: 'uploads',
  rate_limit: 'rateLimit',
  repeat_contacts: 'repeatContacts',
  disposable_emails: 'disposableEmails',
  retention_days: 'retentionDays',
} as const satisfies Record<keyof NewForm, keyof Settings>;

const names = Object.keys(columns) as (keyof NewForm)[];

/** Settings of a form under the names of their columns. */
export function toColumns(settings: NewForm): Settings;
export function toColumns(settings: FormChanges): Partial<Settings>;
export function toColumns(settings: FormChanges): Partial<Settings> {
  const given = names.filter((name) => name in settings);
  return Object.fromEntries(given.map((name) => [columns[name], settings[name]]));
}

/** The settings of a form under their names in the API. */
export function toSettings(form: Form): NewForm {
  return Object.fromEntries(names.map((name) => [name, form[columns[name]]])) as NewForm;
}

/** Those of some changes that make a difference to a form. */
export function changesTo(form: Form, changes: FormChanges): FormChanges {
  const different = names.filter(
    (name) =>
      name in changes && JSON.stringify(changes[name]) !== JSON.stringify(form[columns[name]]),
  );
  return Object.fromEntries(different.map((name) => [name, changes[name]]));
}

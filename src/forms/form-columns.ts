import type { FormChanges, NewForm } from './contract.ts';
import type { Form } from './queries.ts';

type Settings = Omit<Form, 'id' | 'createdAt' | 'updatedAt' | 'version'>;

const columns = {
  kind: 'kind',
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
  list_id: 'listId',
} as const satisfies Record<keyof NewForm, keyof Settings>;

type Name = keyof typeof columns;

/** Settings of a form under the names of their columns. */
export function toColumns(settings: NewForm): Settings;
export function toColumns(settings: FormChanges): Partial<Settings>;
export function toColumns(settings: FormChanges): Partial<Settings> {
  const given = Object.entries(settings).map(([name, value]) => [columns[name as Name], value]);
  return Object.fromEntries(given) as Partial<Settings>;
}

/** The settings of a form under their names in the API. */
export function toSettings(form: Form): NewForm {
  const shown = Object.entries(columns).map(([name, column]) => [name, form[column]]);
  return Object.fromEntries(shown) as NewForm;
}

/** Those of some changes that make a difference to a form. */
export function changesTo(form: Form, changes: FormChanges): FormChanges {
  const different = Object.entries(changes).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(form[columns[name as Name]]),
  );
  return Object.fromEntries(different);
}

import { mapSettings } from '../lib/map-settings.ts';
import type { NewForm } from './contract.ts';
import type { Form } from './queries.ts';

export const { toColumns, toSettings, changesTo } = mapSettings<
  NewForm,
  Omit<Form, 'id' | 'createdAt' | 'updatedAt' | 'version'>
>({
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
});

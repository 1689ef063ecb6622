import { toIso } from '../lib/time.ts';
import type { FormJson } from './contract.ts';
import type { FormWithAddress } from './queries.ts';

/** A form as it is shown. `publicUrl` is where the service answers. */
export function presentForm(form: FormWithAddress, publicUrl: string): FormJson {
  return {
    id: form.id,
    url: `${publicUrl}/f/${form.address}`,
    name: form.name,
    active: form.active,
    site_name: form.siteName,
    color: form.color,
    allowed_origins: form.allowedOrigins,
    redirect_url: form.redirectUrl,
    error_url: form.errorUrl,
    default_source: form.defaultSource,
    default_category: form.defaultCategory,
    default_status: form.defaultStatus,
    captcha: form.captcha,
    notify_emails: form.notifyEmails,
    uploads: form.uploads,
    rate_limit: form.rateLimit,
    repeat_contacts: form.repeatContacts,
    disposable_emails: form.disposableEmails,
    retention_days: form.retentionDays,
    created_at: toIso(form.createdAt),
    updated_at: toIso(form.updatedAt),
    version: form.version,
  };
}

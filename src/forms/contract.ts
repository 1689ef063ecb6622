import * as z from 'zod/mini';
import { leadStatuses } from '../../drizzle/columns.ts';
import {
  captchaProviders,
  disposablePolicies,
  fileKinds,
  repeatPolicies,
  type CaptchaPolicy,
  type UploadPolicy,
} from '../../drizzle/forms.ts';
import { parseEmail } from '../lib/email.ts';
import { rateText } from '../lib/rate.ts';
import { nullableText, textOf } from '../lib/text.ts';
import { pageAddress, webOrigin } from '../lib/web-address.ts';

const mebibyte = 1_048_576;

const mailbox = z.pipe(
  textOf(1, 254).check(
    z.refine((text) => parseEmail(text) !== null, {
      error: 'must be an email address',
      params: { code: 'invalid_email' },
    }),
  ),
  z.transform((text) => parseEmail(text)?.address ?? text),
);

const color = z.string().check(
  z.refine((text) => /^#[\da-f]{6}$/i.test(text), {
    error: 'must look like #1a2b3c',
    params: { code: 'invalid_color' },
  }),
);

const captcha = z.strictObject({
  provider: z.enum(captchaProviders),
  site_key: textOf(1, 200),
  action: z._default(z.nullable(textOf(1, 32)), null),
  on_outage: z._default(z.enum(['accept', 'refuse']), 'accept'),
});

const uploads = z.strictObject({
  max_files: z._default(z.int().check(z.gte(1), z.lte(10)), 3),
  max_bytes: z._default(z.int().check(z.gte(1), z.lte(10 * mebibyte)), 5 * mebibyte),
  kinds: z.array(z.enum(fileKinds)).check(z.minLength(1), z.maxLength(fileKinds.length)),
});

const settings = {
  name: textOf(1, 255),
  active: z.boolean(),
  site_name: nullableText(100),
  color: z.nullable(color),
  allowed_origins: z.array(webOrigin).check(z.maxLength(20)),
  redirect_url: z.nullable(pageAddress),
  error_url: z.nullable(pageAddress),
  default_source: nullableText(100),
  default_category: nullableText(100),
  default_status: z.enum(leadStatuses),
  captcha: z.nullable(captcha),
  notify_emails: z.array(mailbox).check(z.maxLength(10)),
  uploads: z.nullable(uploads),
  rate_limit: z.nullable(rateText),
  repeat_contacts: z.enum(repeatPolicies),
  disposable_emails: z.enum(disposablePolicies),
  retention_days: z.nullable(z.int().check(z.gte(1), z.lte(3_650))),
};

/** The body of `POST /v1/forms`. */
export const newFormBody = z.strictObject({
  name: settings.name,
  active: z._default(settings.active, true),
  site_name: z._default(settings.site_name, null),
  color: z._default(settings.color, null),
  allowed_origins: z._default(settings.allowed_origins, []),
  redirect_url: z._default(settings.redirect_url, null),
  error_url: z._default(settings.error_url, null),
  default_source: z._default(settings.default_source, null),
  default_category: z._default(settings.default_category, null),
  default_status: z._default(settings.default_status, 'new'),
  captcha: z._default(settings.captcha, null),
  notify_emails: z._default(settings.notify_emails, []),
  uploads: z._default(settings.uploads, null),
  rate_limit: z._default(settings.rate_limit, null),
  repeat_contacts: z._default(settings.repeat_contacts, 'touch'),
  disposable_emails: z._default(settings.disposable_emails, 'flag'),
  retention_days: z._default(settings.retention_days, null),
});

export type NewForm = z.output<typeof newFormBody>;

/** The body of `PATCH /v1/forms/{id}`: only what is named changes. */
export const formChangesBody = z
  .partial(z.strictObject(settings))
  .check(z.refine((changes) => Object.keys(changes).length > 0, 'must name at least one field'));

export type FormChanges = z.output<typeof formChangesBody>;

/** The body of `POST /v1/forms/{id}/address`: for how many hours the address before goes on working. */
export const replaceAddressBody = z.strictObject({
  keep_hours: z._default(z.int().check(z.gte(0), z.lte(8_760)), 24),
});

/** A form as it is shown. Times are ISO 8601. */
export type FormJson = {
  id: string;
  /** Where a website posts to. */
  url: string;
  name: string;
  active: boolean;
  site_name: string | null;
  color: string | null;
  allowed_origins: string[];
  redirect_url: string | null;
  error_url: string | null;
  default_source: string | null;
  default_category: string | null;
  default_status: string;
  captcha: CaptchaPolicy | null;
  notify_emails: string[];
  uploads: UploadPolicy | null;
  rate_limit: string | null;
  repeat_contacts: string;
  disposable_emails: string;
  retention_days: number | null;
  created_at: string;
  updated_at: string;
  version: number;
};

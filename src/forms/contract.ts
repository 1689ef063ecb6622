import * as z from 'zod/mini';
import { leadStatuses } from '../../drizzle/columns.ts';
import {
  captchaProviders,
  disposablePolicies,
  fileKinds,
  formKinds,
  repeatPolicies,
} from '../../drizzle/forms.ts';
import { parseEmail } from '../lib/email.ts';
import { rateText } from '../lib/rate.ts';
import { nullableText, parsedText, textOf } from '../lib/text.ts';
import { pageAddress, webOrigins } from '../lib/web-address.ts';
import { mebibyte } from '../lib/units.ts';

function textLike(pattern: RegExp, code: string, message: string) {
  return z
    .string()
    .check(z.refine((text) => pattern.test(text), { error: message, params: { code } }));
}

const color = z.pipe(
  textLike(/^#[\da-f]{6}$/i, 'invalid_color', 'must look like #1a2b3c'),
  z.transform((text) => text.toLowerCase()),
);

const mailbox = parsedText(254, parseEmail, {
  code: 'invalid_email',
  message: 'must be an email address',
});

/** Each person once, under the address that came first. */
const mailboxes = z.pipe(
  z.array(mailbox).check(z.maxLength(10)),
  z.transform((given) => {
    const first = (key: string) => given.find((email) => email.key === key);
    return given.filter((email) => first(email.key) === email).map((email) => email.address);
  }),
);

const captcha = z.strictObject({
  provider: z.enum(captchaProviders),
  site_key: textLike(/^[\w.-]{1,200}$/, 'invalid_site_key', 'must be the provider’s site key'),
  action: z._default(
    z.nullable(
      textLike(/^[\w/-]{1,32}$/, 'invalid_action', 'must be 1 to 32 letters, digits, _, - or /'),
    ),
    null,
  ),
  on_outage: z._default(z.enum(['accept', 'refuse']), 'accept'),
});

const uploads = z.strictObject({
  max_files: z._default(z.int().check(z.gte(1), z.lte(10)), 3),
  max_bytes: z._default(z.int().check(z.gte(1), z.lte(10 * mebibyte)), 5 * mebibyte),
  kinds: z.pipe(
    z.array(z.enum(fileKinds)).check(z.minLength(1), z.maxLength(fileKinds.length)),
    z.transform((kinds) => [...new Set(kinds)]),
  ),
});

const settings = {
  name: textOf(1, 255),
  active: z.boolean(),
  site_name: nullableText(100),
  color: z.nullable(color),
  allowed_origins: webOrigins,
  redirect_url: pageAddress,
  error_url: pageAddress,
  default_source: nullableText(100),
  default_category: nullableText(100),
  default_status: z.enum(leadStatuses),
  captcha: z.nullable(captcha),
  notify_emails: mailboxes,
  uploads: z.nullable(uploads),
  rate_limit: z.nullable(rateText),
  repeat_contacts: z.enum(repeatPolicies),
  disposable_emails: z.enum(disposablePolicies),
  retention_days: z.nullable(z.int().check(z.gte(1), z.lte(3_650))),
  list_id: z.nullable(textOf(1, 60)),
};

/** The body of `POST /v1/forms`. What comes of an entry stays as it is from then on. */
export const newFormBody = z.strictObject({
  kind: z._default(z.enum(formKinds), 'lead'),
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
  list_id: z._default(settings.list_id, null),
});

export type NewForm = z.output<typeof newFormBody>;

/** The body of `PATCH /v1/forms/{id}`: only what is named changes, `captcha` and `uploads` as a whole. */
export const formChangesBody = z
  .partial(z.strictObject(settings))
  .check(z.refine((changes) => Object.keys(changes).length > 0, 'must name at least one field'));

export type FormChanges = z.output<typeof formChangesBody>;

/** The body of `POST /v1/forms/{id}/address`: for how many hours the addresses before go on working. */
export const replaceAddressBody = z.strictObject({
  keep_hours: z._default(z.int().check(z.gte(0), z.lte(8_760)), 24),
});

/** What `GET /v1/forms` can be asked for. */
export const formFilter = z.strictObject({
  active: z.optional(
    z.pipe(
      z.enum(['true', 'false']),
      z.transform((text) => text === 'true'),
    ),
  ),
});

export type FormFilter = z.output<typeof formFilter>;

/** A form as it is shown in a list: its settings, and what it got by itself. Times are ISO 8601. */
export type ListedFormJson = NewForm & {
  id: string;
  /** Where a website posts to. */
  url: string;
  created_at: string;
  updated_at: string;
  version: number;
};

/** A form as it is shown by itself: with each address, and when that stops working; null for the present one. */
export type FormJson = ListedFormJson & {
  addresses: { url: string; created_at: string; retires_at: string | null }[];
};

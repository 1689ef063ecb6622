import * as z from 'zod/mini';
import { leadStatuses } from '../../drizzle/columns.ts';
import { parseEmail } from '../lib/email.ts';
import { parsePhone } from '../lib/phone.ts';
import { nullableParsed, nullableLines, nullableText, textOf } from '../lib/text.ts';
import { isoInstant } from '../lib/time.ts';

/** Characters of a source. */
export const longestSource = 100;

const onlyDigits = /^[\p{N}\p{P}\p{C}\s]+$/u;

const fields = {
  full_name: textOf(2, 255).check(
    z.refine((text) => !onlyDigits.test(text), {
      error: 'must not consist of digits only',
      params: { code: 'only_digits' },
    }),
  ),
  position: nullableText(255),
  company_name: nullableText(255),
  phone_number: nullableParsed(40, parsePhone, {
    code: 'invalid_phone',
    message: 'must be a phone number',
  }),
  email: nullableParsed(254, parseEmail, {
    code: 'invalid_email',
    message: 'must be an email address',
  }),
  source: nullableText(longestSource),
  category: nullableText(100),
  notes: nullableLines(5_000),
};

const parameter = z.optional(textOf(0, 255));
const address = z.optional(textOf(0, 2_048));

/** Where a visitor came from. The click ids are those of Google, Meta, Microsoft, TikTok and LinkedIn. */
const attribution = z.strictObject({
  utm_source: parameter,
  utm_medium: parameter,
  utm_campaign: parameter,
  utm_term: parameter,
  utm_content: parameter,
  gclid: parameter,
  gbraid: parameter,
  wbraid: parameter,
  fbclid: parameter,
  msclkid: parameter,
  ttclid: parameter,
  li_fat_id: parameter,
  page: address,
  referrer: address,
});

/** What may be the name of a lead. */
export const leadName = fields.full_name;

/** What visitors may say of themselves: all that a publishable key may set. */
const visitorFields = {
  full_name: fields.full_name,
  position: z._default(fields.position, null),
  company_name: z._default(fields.company_name, null),
  phone_number: z._default(fields.phone_number, null),
  email: z._default(fields.email, null),
  source: z._default(fields.source, null),
  category: z._default(fields.category, null),
  notes: z._default(fields.notes, null),
  attribution: z._default(attribution, {}),
};

/** The error of a lead that nobody could answer. */
export const unreachable = {
  field: 'email',
  code: 'required',
  message: 'is required where there is no phone_number',
};

const reachable = z.refine<{ email: object | null; phone_number: string | null }>(
  (lead) => lead.email !== null || lead.phone_number !== null,
  { error: unreachable.message, path: [unreachable.field], params: { code: unreachable.code } },
);

/** The body of `POST /v1/leads` under a publishable key. */
export const visitorLeadBody = z.strictObject(visitorFields).check(reachable);

export type VisitorLead = z.output<typeof visitorLeadBody>;

/** The body of `POST /v1/leads` under a secret key. */
export const newLeadBody = z
  .strictObject({
    ...visitorFields,
    status: z._default(z.enum(leadStatuses), 'new'),
    form_id: z._default(z.nullable(textOf(1, 60)), null),
  })
  .check(reachable);

export type NewLead = z.output<typeof newLeadBody>;

/** The body of `PATCH /v1/leads/{id}`: only what is named changes, and null empties a field. */
export const leadChangesBody = z
  .partial(z.strictObject({ ...fields, status: z.enum(leadStatuses) }))
  .check(z.refine((changes) => Object.keys(changes).length > 0, 'must name at least one field'));

export type LeadChanges = z.output<typeof leadChangesBody>;

/** The orders of a list; `-` is newest first. */
export const leadSorts = ['created_at', '-created_at', 'updated_at', '-updated_at'] as const;

/** What an export of leads can be asked for. `created_after` is inclusive, `created_before` is not. */
export const leadExportFilter = z.strictObject({
  status: z.optional(z.enum(leadStatuses)),
  category: z.optional(textOf(1, 100)),
  source: z.optional(textOf(1, 100)),
  form_id: z.optional(textOf(1, 60)),
  q: z.optional(textOf(1, 200)),
  created_after: z.optional(isoInstant),
  created_before: z.optional(isoInstant),
});

export type LeadExportFilter = z.output<typeof leadExportFilter>;

/** What `GET /v1/leads` can be asked for: the same, in an order. */
export const leadFilter = z.extend(leadExportFilter, {
  sort: z._default(z.enum(leadSorts), '-created_at'),
});

export type LeadFilter = z.output<typeof leadFilter>;

/** A lead as it is shown. Times are ISO 8601. */
export type LeadJson = {
  id: string;
  full_name: string;
  position: string | null;
  company_name: string | null;
  phone_number: string | null;
  email: string | null;
  source: string | null;
  status: string;
  category: string | null;
  notes: string | null;
  attribution: Record<string, string>;
  form_id: string | null;
  created_at: string;
  updated_at: string;
  version: number;
};

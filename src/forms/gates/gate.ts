import type { AppError } from '../../errors.ts';
import type { Content } from '../../lib/nest-fields.ts';
import type { ControlFields } from '../control-fields.ts';
import type { MappedLead } from '../map-lead.ts';
import type { FormWithAddress } from '../queries.ts';

/** Something that a visitor sent, as the gates see it. */
export type Entry = {
  form: FormWithAddress;
  /** What the visitor typed. */
  content: Content;
  control: ControlFields;
  lead: MappedLead;
  /** The origin of the page that sent it; null where the browser keeps that to itself, and for programs. */
  origin: string | null;
  /** The visitor's address, for the captcha's provider alone. */
  ip: string | null;
  /** Whether the sender says of itself that it is a program (`navigator.webdriver`). */
  automated: boolean;
  /** Whether the same text came to this form again and again; false while Redis is away. */
  repeated: boolean;
  /** Epoch milliseconds. */
  at: number;
};

/** Why an entry is in the spam folder. */
export type FlagReason =
  | 'honeypot'
  | 'automated'
  | 'too_fast'
  | 'stale_stamp'
  | 'forged_stamp'
  | 'links'
  | 'markup'
  | 'disposable_email'
  | 'repeated_content'
  | 'captcha_unverified';

/** What a gate makes of an entry. A flagged one is kept as spam and answered as any other. */
export type Verdict = { pass: true } | { flag: FlagReason } | { refuse: AppError };

export const pass: Verdict = { pass: true };

import type { Deps } from '../../deps.ts';
import type { AppError } from '../../errors.ts';
import type { Content } from '../../lib/content.ts';
import type { ControlFields } from '../control-fields.ts';
import type { Language } from '../../pages/messages/languages.ts';
import type { MappedLead } from '../map-lead.ts';
import type { FlagReason } from '../../submissions/contract.ts';
import type { FormWithAddress } from '../queries.ts';

/** Something that a visitor sent, as the gates see it. */
export type Entry = {
  form: FormWithAddress;
  /** What the visitor typed. */
  content: Content;
  control: ControlFields;
  /** In which of our languages the visitor is answered. */
  language: Language;
  lead: MappedLead;
  /** The origin of the page that sent it; null where the browser keeps that to itself, and for programs. */
  origin: string | null;
  /** The visitor's address, for the captcha's provider alone. */
  ip: string | null;
  /** Whether the sender says of itself that it is a program (`navigator.webdriver`). */
  automated: boolean;
  /** What of it came again and again: `content`, `stamp`. Nothing while Redis is away. */
  repeated: string[];
  /** Epoch milliseconds. */
  at: number;
};

/** An entry before it was counted. */
export type UncountedEntry = Omit<Entry, 'repeated'>;

/**
 * What a gate makes of an entry. A flagged one is kept as spam and answered as any other; a marked one passes, and the
 * reason is kept with it. `mayBeRepeat`: the same entry may have been kept before, which made it look bad.
 */
export type GateResult =
  | { pass: true }
  | { flag: FlagReason }
  | { mark: FlagReason }
  | { refuse: AppError; mayBeRepeat?: boolean };

/** What gates may ask besides the entry. */
export type GateDeps = Pick<
  Deps,
  'captcha' | 'config' | 'deadline' | 'disposableDomains' | 'logger' | 'now'
>;

/** A gate: looks at an entry, and says what becomes of it. */
export type Gate = (entry: Entry, deps: GateDeps) => GateResult | Promise<GateResult>;

export const pass: GateResult = { pass: true };

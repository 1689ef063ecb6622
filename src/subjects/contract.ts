import * as z from 'zod/mini';
import { email } from '../subscribers/profile.ts';

/** The body of both acts on a person: their address, which so is in no URL and in no log. */
export const subjectBody = z.strictObject({ email });

/** The receipt of an erasure: what was removed or emptied, by kind. Holds no personal data. */
export type ErasureJson = {
  id: string;
  erased_at: string;
  counts: Record<string, number>;
  /** Nobody can sign the address up again, import it or write to it. */
  suppressed: true;
};

/** All that is kept of a person. Rows are as the tables have them; times are ISO 8601. */
export type SubjectJson = {
  email: string;
  exported_at: string;
  /** By kind, such as `leads` or `consents`. */
  data: Record<string, Record<string, unknown>[]>;
  /** Rows about others, or about no person, that hold the address. */
  mentions: MentionJson[];
  /** The kinds of which there is more than is shown here. */
  cut: string[];
};

/** Where a text holds the address. */
export type MentionJson = { table: string; id: string; columns: string[] };

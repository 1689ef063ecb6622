/** A heading, and the sentence under it. */
type Said = readonly [title: string, text: string];

/** Why an entry was not taken, as far as a visitor can do something about it. */
export type Failure =
  | 'invalid'
  | 'empty'
  | 'unknown'
  | 'inactive'
  | 'blocked'
  | 'captcha'
  | 'large'
  | 'files'
  | 'unreadable'
  | 'busy'
  | 'method'
  | 'failed';

/** What is wrong with one input. `email` and so on: it was left empty. */
export type Mistake =
  | 'required'
  | 'name'
  | 'email'
  | 'phone'
  | 'not_email'
  | 'not_phone'
  | 'not_name'
  | 'too_long'
  | 'too_short'
  | 'file_large'
  | 'file_many'
  | 'file_kind'
  | 'disposable'
  | 'captcha'
  | 'invalid';

/** What inputs are called that every form knows. */
export type Label = 'full_name' | 'email' | 'phone_number' | 'company_name' | 'position' | 'notes';

/** Everything that we say to visitors, in one language. */
export type Messages = {
  thanks: Said;
  /** Stands before the name of a host. */
  back: string;
  /** The button that sends an entry again. */
  again: string;
  /** That the browser's way back keeps what was typed. */
  kept: string;
  /** That files have to be chosen again. */
  files: string;
  /** `{most}` stands for a number of MB. */
  failures: Record<Failure, Said>;
  mistakes: Record<Mistake, string>;
  labels: Record<Label, string>;
};

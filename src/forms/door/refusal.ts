import type { AppError, ErrorCode, FieldError } from '../../errors.ts';
import type { Failure, Label, Messages, Mistake } from './pages/messages/messages.ts';
import { flattenFields, isSameInput } from '../../lib/flatten-fields.ts';
import { typedIn } from './typed-in.ts';
import type { Visit } from './visit.ts';

/** What is wrong with one input: its name, Formspree's code where it has one, and a sentence for the visitor. */
export type InputMistake = { field: string; code: string; message: string; label: Label | null };

/** Why an entry was not taken, for programs and, in their language, for people. */
export type Refusal = {
  /** In the words of Formspree's libraries where they know it: `FORM_NOT_FOUND`, `VALIDATION_ERROR`. */
  code: string;
  failure: Failure;
  title: string;
  text: string;
  mistakes: InputMistake[];
};

const formCodes: Partial<Record<ErrorCode, string>> = {
  validation_failed: 'VALIDATION_ERROR',
  empty_entry: 'EMPTY',
  not_found: 'FORM_NOT_FOUND',
  form_inactive: 'INACTIVE',
  origin_not_allowed: 'BLOCKED',
};

const failures: Partial<Record<ErrorCode, Failure>> = {
  validation_failed: 'invalid',
  empty_entry: 'empty',
  not_found: 'unknown',
  form_inactive: 'inactive',
  origin_not_allowed: 'blocked',
  captcha_failed: 'captcha',
  body_too_large: 'large',
  unreadable_body: 'unreadable',
  unsupported_media_type: 'unreadable',
  idempotency_key_reused: 'unreadable',
  method_not_allowed: 'method',
  conflict: 'busy',
  rate_limited: 'busy',
};

const fieldCodes: Record<string, string> = {
  invalid_email: 'TYPE_EMAIL',
  invalid_text: 'TYPE_TEXT',
  only_digits: 'TYPE_TEXT',
};

const fieldMistakes: Record<string, Mistake> = {
  invalid_email: 'not_email',
  invalid_phone: 'not_phone',
  only_digits: 'not_name',
  too_long: 'too_long',
  too_short: 'too_short',
  files_too_big: 'file_large',
  image_too_large: 'file_large',
  too_many_files: 'file_many',
  no_file_uploads: 'file_kind',
  file_not_allowed: 'file_kind',
  disposable_email: 'disposable',
  captcha_failed: 'captcha',
};

const emptyMistakes: Partial<Record<Label, Mistake>> = {
  full_name: 'name',
  email: 'email',
  phone_number: 'phone',
};

/** Codes of a file that say what is wrong with the whole entry, too. */
const ofTheWhole = ['FILES_TOO_BIG', 'TOO_MANY_FILES', 'NO_FILE_UPLOADS'];

/** Says of an error what programs and visitors can make of it. */
export function explainRefusal(
  error: AppError,
  visit: Visit | undefined,
  messages: Messages,
): Refusal {
  const failure = failures[error.code] ?? 'failed';
  const [title, text] = messages.failures[failure];
  const mistakes = inOrderOfForm(error.fields, visit).map((field) =>
    explainField(field, visit?.entry, messages),
  );
  const shared = ofTheWhole.find((code) => mistakes[0]?.code === code && mistakes.length === 1);
  const code = shared ?? formCodes[error.code] ?? error.code.toUpperCase();
  return { code, failure, title, text, mistakes };
}

/** The first mistake of each input, in the order of the form; inputs that it does not have come last. */
function inOrderOfForm(fields: FieldError[], visit: Visit | undefined): FieldError[] {
  const first = fields.filter(
    ({ field }, index) => fields.findIndex((other) => other.field === field) === index,
  );
  const inputs = flattenFields(visit?.entry?.content ?? {}).map(([name]) => name);
  const place = ({ field }: FieldError) =>
    inputs.findIndex((name) => isSameInput(name, field)) + 1 || Infinity;
  return first.toSorted((one, other) => place(one) - place(other) || 0);
}

function explainField(
  { field, code }: FieldError,
  entry: Visit['entry'],
  { labels, mistakes }: Messages,
): InputMistake {
  const label = labelOf(field, entry?.lead.inputs ?? {}, labels);
  const typed = entry === undefined ? null : typedIn(entry.content, field);
  if (['required', 'too_short'].includes(code) && (typed ?? '').trim() === '') {
    const mistake = (label === null ? undefined : emptyMistakes[label]) ?? 'required';
    const state = typed === null ? 'MISSING' : 'EMPTY';
    return { field, code: `REQUIRED_FIELD_${state}`, message: mistakes[mistake], label };
  }
  const message = mistakes[fieldMistakes[code] ?? 'invalid'];
  return { field, code: fieldCodes[code] ?? code.toUpperCase(), message, label };
}

/** What an input is called, where its name means a field that every form knows. */
function labelOf(
  field: string,
  inputs: Record<string, string>,
  labels: Messages['labels'],
): Label | null {
  const known = Object.keys(labels) as Label[];
  return known.find((label) => (inputs[label] ?? label) === field) ?? null;
}

import type { AppError, ErrorCode, FieldError } from '../../errors.ts';
import { mostMegabytes } from '../../files/most-bytes.ts';
import { flattenFields, isSameInput } from '../../lib/flatten-fields.ts';
import type { Failure, Label, Messages, Mistake } from '../../pages/messages/en.ts';
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

/** What a failure is to visitors, and the word of Formspree's libraries for it where they have one. */
const failures: Partial<Record<ErrorCode, { failure: Failure; code?: string }>> = {
  validation_failed: { failure: 'invalid', code: 'VALIDATION_ERROR' },
  empty_entry: { failure: 'empty', code: 'EMPTY' },
  not_found: { failure: 'unknown', code: 'FORM_NOT_FOUND' },
  form_inactive: { failure: 'inactive', code: 'INACTIVE' },
  origin_not_allowed: { failure: 'blocked', code: 'BLOCKED' },
  captcha_failed: { failure: 'captcha' },
  body_too_large: { failure: 'large' },
  files_too_big: { failure: 'files' },
  unreadable_body: { failure: 'unreadable' },
  unsupported_media_type: { failure: 'unreadable' },
  idempotency_key_reused: { failure: 'unreadable' },
  insecure_transport: { failure: 'unreadable' },
  misdirected_request: { failure: 'unreadable' },
  method_not_allowed: { failure: 'method' },
  conflict: { failure: 'busy' },
  rate_limited: { failure: 'busy' },
};

/** The same for the code of a field. */
const fieldMistakes: Record<string, { mistake: Mistake; code?: string }> = {
  invalid_email: { mistake: 'not_email', code: 'TYPE_EMAIL' },
  invalid_text: { mistake: 'invalid', code: 'TYPE_TEXT' },
  only_digits: { mistake: 'not_name', code: 'TYPE_TEXT' },
  invalid_phone: { mistake: 'not_phone' },
  too_long: { mistake: 'too_long' },
  too_short: { mistake: 'too_short' },
  files_too_big: { mistake: 'file_large' },
  image_too_large: { mistake: 'file_large' },
  too_many_files: { mistake: 'file_many' },
  no_file_uploads: { mistake: 'file_kind' },
  file_not_allowed: { mistake: 'file_kind' },
  disposable_email: { mistake: 'disposable' },
  captcha_failed: { mistake: 'captcha' },
};

/** What a visitor is asked for where an input is empty. */
const emptyMistakes: Partial<Record<Label, Mistake>> = {
  full_name: 'name',
  email: 'email',
  phone_number: 'phone',
};

/** Codes of a file that say what is wrong with the whole entry, too. */
const entryWideCodes = ['FILES_TOO_BIG', 'TOO_MANY_FILES', 'NO_FILE_UPLOADS'];

/** Says of an error what programs and visitors can make of it. */
export function explainRefusal(
  error: AppError,
  visit: Visit | undefined,
  messages: Messages,
): Refusal {
  const { failure, code = error.code.toUpperCase() } = failures[error.code] ?? {
    failure: 'failed' as const,
  };
  const [title, said] = messages.failures[failure];
  const uploads = visit?.form.uploads ?? null;
  const text = uploads === null ? said : said.replace('{most}', String(mostMegabytes(uploads)));
  const mistakes = inOrderOfForm(error.fields, visit).map((field) =>
    explainField(field, visit?.entry, messages),
  );
  const [first, ...others] = mistakes;
  const entryWide = others.length === 0 && entryWideCodes.find((each) => first?.code === each);
  return { code: entryWide || code, failure, title, text, mistakes };
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
  const { mistake, code: word = code.toUpperCase() } = fieldMistakes[code] ?? {
    mistake: 'invalid' as const,
  };
  return { field, code: word, message: mistakes[mistake], label };
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

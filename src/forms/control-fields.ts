import { emptyContent, type Content, type ContentValue } from '../lib/nest-fields.ts';

/** What a form says to the form backend, in the names that such services agree on. Null where it says nothing. */
export type ControlFields = {
  redirectTo: string | null;
  errorRedirectTo: string | null;
  /** Filled in by programs alone: people do not see the input. */
  honeypot: boolean;
  captchaToken: string | null;
  /** What `embed.js` got when it set up the form. */
  renderStamp: string | null;
  language: string | null;
  dryRun: boolean;
};

const redirects = ['_next', '_redirect', 'redirect', 'redirectto', 'returl'];
const honeypots = ['_gotcha', '_honeypot', '_honey', 'botcheck', 'bot-field', 'honeypot'];
const captchas = [
  'cf-turnstile-response',
  'h-captcha-response',
  'g-recaptcha-response',
  'recaptcha_response',
];
/** Understood by other services. Some would have us send mail to, or call, whoever the sender likes. */
const ignored = [
  ...['_cc', 'ccemail', '_bcc', 'webhook', '_webhook', '_autoresponse', '_template', '_captcha'],
  ...['_subject', '_format', '_feedback', '_blacklist', '_charset_', '_email', '_to', 'sendto'],
  ...['access_key', 'accesskey', 'apikey', 'form-name', 'altcha', '_botpoison', 'from_name'],
];
const own = ['_error', '_stamp', '_language', '_dry_run'];
const known = new Set([...redirects, ...honeypots, ...captchas, ...ignored, ...own]);

/**
 * Takes the control fields out of what a form sent. The first name that says something counts; a honeypot, any. A
 * field that the form's own inputs could be named as well (`subject`, `replyto`) is not one.
 */
export function takeControlFields(sent: Content): { control: ControlFields; content: Content } {
  const content = emptyContent();
  const control = new Map<string, ContentValue>();
  for (const [name, value] of Object.entries(sent)) {
    const plain = name.toLowerCase();
    if (known.has(plain) || plain.startsWith('_feedback.')) control.set(plain, value);
    else content[name] = value;
  }
  const textOf = (names: string[]) =>
    names.map((name) => saidIn(control.get(name))).find((text) => text !== '') ?? null;
  return {
    content,
    control: {
      redirectTo: textOf(redirects),
      errorRedirectTo: textOf(['_error']),
      honeypot: textOf(honeypots) !== null,
      captchaToken: textOf(captchas),
      renderStamp: textOf(['_stamp']),
      language: textOf(['_language']),
      dryRun: textOf(['_dry_run']) === 'true',
    },
  };
}

/** A text, or the first of several; an unticked `botcheck` of a script says `false`. */
function saidIn(value: ContentValue | undefined): string {
  const [first] = [value ?? ''].flat();
  const text = typeof first === 'string' ? first.trim() : '[object]';
  return text === 'false' ? '' : text;
}

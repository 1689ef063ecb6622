import type { CaptchaProvider } from '../platform/captcha.ts';
import { emptyContent, type Content, type ContentValue } from '../lib/content.ts';

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
  /** The address of the form, where the path does not name it. */
  formAddress: string | null;
  /** The site's own page: what our error page says when it sends a mended form. Elsewhere it means nothing. */
  sitePage: string | null;
};

const redirects = ['_next', '_redirect', 'redirect', 'redirectto', 'returl'];
const honeypots = ['_gotcha', '_honeypot', '_honey', 'botcheck', 'bot-field', 'honeypot'];
/** The input that each captcha's widget adds to a form. */
export const captchaInputs: Record<CaptchaProvider, string> = {
  turnstile: 'cf-turnstile-response',
  hcaptcha: 'h-captcha-response',
  recaptcha: 'g-recaptcha-response',
};
const captchas = [...Object.values(captchaInputs), 'recaptcha_response'];
const own = ['_error', '_stamp', '_language', '_dry_run', '_inlet_page'];
/** Headers that say which form it is, where its address does not. */
export const addressHeaders = ['access_key', 'accesskey', 'apikey'];
/** Fields that do. */
const addresses = [...addressHeaders, 'form-name'];
/** What other services would do for whoever writes the page: send mail to, or call, whom they name. */
const refused = [
  ...['_cc', 'ccemail', '_bcc', '_to', 'sendto', '_sendto', '_email', 'debugemail', 'from_name'],
  ...['webhook', '_webhook', '_autoresponse', '_captcha', '_blacklist', '_subject', '_template'],
];
/** Words between a page and its service, of no use to whoever reads the entry. */
const formalities = [...['oid', '_charset_', '_format', '_feedback', 'altcha', '_botpoison']];
const known = new Set([
  ...redirects,
  ...honeypots,
  ...captchas,
  ...own,
  ...addresses,
  ...refused,
  ...formalities,
]);

/**
 * Takes the control fields out of what a form sent. The first name that says something counts; a honeypot, any. A
 * field that the form's own inputs could be named as well (`subject`, `replyto`, `website`) is not one.
 */
export function takeControlFields(sent: Content): {
  control: ControlFields;
  content: Content;
  /** The names that were taken out. */
  stripped: string[];
} {
  const content = emptyContent();
  const said = new Map<string, string>();
  for (const [name, value] of Object.entries(sent)) {
    const plain = name.trim().toLowerCase();
    if (!known.has(plain) && !plain.startsWith('_feedback.')) content[name] = value;
    else if (!said.get(plain)) said.set(plain, firstText(value));
  }
  const first = (names: string[]) => names.map((name) => said.get(name)).find(Boolean) ?? null;
  return {
    content,
    stripped: Object.keys(sent).filter((name) => !(name in content)),
    control: {
      redirectTo: first(redirects),
      errorRedirectTo: first(['_error']),
      honeypot: first(honeypots) !== null,
      captchaToken: first(captchas),
      renderStamp: first(['_stamp']),
      language: first(['_language']),
      dryRun: first(['_dry_run']) === 'true',
      formAddress: first(addresses),
      sitePage: first(['_inlet_page']),
    },
  };
}

/** The first text in a value that says something; an unticked `botcheck` of a script says `false`. */
function firstText(value: ContentValue): string {
  if (typeof value !== 'string') {
    return (
      Object.values(value)
        .map((item) => firstText(item))
        .find((text) => text !== '') ?? ''
    );
  }
  const text = value.trim();
  return text === 'false' ? '' : text;
}

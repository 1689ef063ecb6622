import type { CaptchaPolicy } from '../../drizzle/forms.ts';

/** The services that can be asked whether a token is good. */
export type CaptchaProvider = CaptchaPolicy['provider'];

/** Where to ask, and as whom. */
export type CaptchaService = {
  /** Null where the deployment has none: see the settings of the same names. */
  secrets: Record<CaptchaProvider, string | null>;
  /** The address that is asked in place of all providers; null outside development. */
  standIn: string | null;
};

/** A token that came with a form. */
export type CaptchaToken = {
  provider: CaptchaProvider;
  /** That of the form's widget. hCaptcha alone holds the token against it. */
  siteKey: string;
  token: string;
  /** The visitor's address, where it is known. */
  ip: string | null;
  /** A UUID under which the same token may be asked about again: Turnstile alone knows such. */
  idempotencyKey: string;
  /** Milliseconds that all tries together may take. */
  withinMs: number;
};

/** What a provider said of a token. */
export type CaptchaAnswer =
  | {
      /** A person's. What it does not say is null; `score` is 1 for a person and 0 for a program. */
      kind: 'good';
      hostname: string | null;
      action: string | null;
      score: number | null;
    }
  /** Nobody's; or spent: used before, or too old. */
  | { kind: 'bad'; spent: boolean }
  /** Nothing that could be used: a word for the log, never the provider's text. */
  | { kind: 'unavailable'; reason: string };

/** Asks the provider of a form's captcha. */
export type Captcha = { verify(token: CaptchaToken): Promise<CaptchaAnswer> };

const addresses: Record<CaptchaProvider, string> = {
  // https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  // https://docs.hcaptcha.com/#verify-the-user-response-server-side
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
  // https://developers.google.com/recaptcha/docs/verify
  recaptcha: 'https://www.google.com/recaptcha/api/siteverify',
};

/** The part of the time that the first try may take, so that one is left for the second. */
const firstTry = 0.6;

/** What providers call our own mistakes. Whatever else they refuse, a visitor may have sent: a token of another site. */
const ourMistake = /^(missing|invalid)-input-secret$/;
const usedBefore = /duplicate|already-seen/;

/** Opens the captcha for one request: one call each time, and a second one where the first got no answer. */
export function openCaptcha({ secrets, standIn }: CaptchaService): Captcha {
  return {
    async verify(token) {
      const secret = secrets[token.provider];
      if (secret === null) return { kind: 'unavailable', reason: 'no_secret' };
      const address =
        standIn === null ? addresses[token.provider] : `${standIn}/${token.provider}/siteverify`;
      const form = toForm(secret, token);
      const firstMs = token.withinMs * firstTry;
      const first = await ask(address, form, firstMs);
      if ('answer' in first) return read(first.answer);
      const second = await ask(address, form, Math.max(0, token.withinMs - first.tookMs));
      if ('failure' in second) return { kind: 'unavailable', reason: second.failure };
      // The first try may have used the token up, its answer lost on the way.
      const lost = isSpent(second.answer);
      return lost ? { kind: 'unavailable', reason: 'lost_answer' } : read(second.answer);
    },
  };
}

function toForm(secret: string, token: CaptchaToken): URLSearchParams {
  const form = new URLSearchParams({ secret, response: token.token });
  if (token.ip !== null) form.set('remoteip', token.ip);
  if (token.provider === 'turnstile') form.set('idempotency_key', token.idempotencyKey);
  if (token.provider === 'hcaptcha') form.set('sitekey', token.siteKey);
  return form;
}

type Siteverify = Record<string, unknown> & { success: boolean };
type Tried = { answer: Siteverify } | { failure: string; tookMs: number };

/** One call. A provider that is out of order itself (`internal-error`) has not answered. */
async function ask(address: string, form: URLSearchParams, withinMs: number): Promise<Tried> {
  const startedAt = Date.now();
  const failed = (failure: string) => ({ failure, tookMs: Date.now() - startedAt });
  try {
    const signal = AbortSignal.timeout(withinMs);
    const response = await fetch(address, { method: 'POST', body: form, signal });
    if (response.status >= 500 || response.status === 429) {
      await response.body?.cancel();
      return failed(`status_${response.status}`);
    }
    const answer: unknown = await response.json().catch(() => null);
    if (!isSiteverify(answer)) {
      return response.ok ? failed('not_an_answer') : { answer: { success: false } };
    }
    return errorCodes(answer).includes('internal-error') ? failed('internal_error') : { answer };
  } catch (error) {
    return failed(error instanceof Error ? error.name : 'unknown');
  }
}

function read(answer: Siteverify): CaptchaAnswer {
  const ours = errorCodes(answer).find((code) => ourMistake.test(code));
  if (ours !== undefined) return { kind: 'unavailable', reason: ours };
  if (!answer.success) return { kind: 'bad', spent: isSpent(answer) };
  const { hostname, action, score } = answer;
  return {
    kind: 'good',
    hostname: typeof hostname === 'string' && hostname !== 'not-provided' ? hostname : null,
    action: typeof action === 'string' ? action : null,
    score: typeof score === 'number' ? score : null,
  };
}

function isSpent(answer: Siteverify): boolean {
  return errorCodes(answer).some((code) => usedBefore.test(code));
}

function isSiteverify(answer: unknown): answer is Siteverify {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'success' in answer &&
    typeof answer.success === 'boolean'
  );
}

function errorCodes(answer: Siteverify): string[] {
  const codes = answer['error-codes'];
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [];
}

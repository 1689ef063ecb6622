import { AppError } from '../../errors.ts';
import { sha256 } from '../../lib/hashing.ts';
import type { CaptchaAnswer, CaptchaProvider } from '../../platform/captcha.ts';
import { captchaInputs } from '../control-fields.ts';
import { pass, type Entry, type GateDeps, type GateResult } from './gate.ts';

type Visitor = Pick<Entry, 'form' | 'content' | 'control' | 'ip'>;
type Good = Extract<CaptchaAnswer, { kind: 'good' }>;

/** Milliseconds for the provider, and those of the request that are left for keeping the entry. */
const withinMs = 2_000;
const keepingMs = 600;

/** From 0 for a program to 1 for a person: https://developers.google.com/recaptcha/docs/v3#interpreting_the_score. */
const leastScore = 0.5;

/** The longest token, and the host that the keys for tests come with. */
const facts: Record<CaptchaProvider, { longest: number; testHost: string }> = {
  turnstile: { longest: 2_048, testHost: 'example.com' },
  hcaptcha: { longest: 16_384, testHost: 'dummy-key-pass' },
  recaptcha: { longest: 16_384, testHost: 'testkey.google.com' },
};

/**
 * Asks the form's captcha whether a person sent an entry, and refuses one that it does not stand for: a person can try
 * again. While the provider cannot be asked, the form says whether entries are marked or wait.
 */
export async function checkCaptcha(entry: Visitor, deps: GateDeps): Promise<GateResult> {
  const { captcha: policy } = entry.form;
  const token = entry.control.captchaToken;
  if (policy === null) return pass;
  const { provider } = policy;
  if (token === null || token.length > facts[provider].longest) return refuse(provider);
  const answer = await deps.captcha.verify({
    provider,
    siteKey: policy.site_key,
    token,
    ip: entry.ip,
    idempotencyKey: await uuidOf(JSON.stringify([entry.form.id, entry.content, token])),
    withinMs: Math.max(1, Math.min(withinMs, deps.deadline.at - deps.now() - keepingMs)),
  });
  if (answer.kind === 'unavailable') {
    const names = [provider, answer.reason];
    deps.logger.fault({ fault: 'captcha_unavailable', names });
    return policy.on_outage === 'accept' ? { mark: 'captcha_unverified' } : { refuse: outage() };
  }
  if (answer.kind === 'bad') {
    // Of Turnstile, the same entry may ask again.
    return { ...refuse(provider), mayBeRepeat: answer.spent && provider !== 'turnstile' };
  }
  const { environment, publicUrl } = deps.config;
  const test = environment === 'development' && answer.hostname === facts[provider].testHost;
  if (!test && !isForForm(answer, entry.form, publicUrl)) return refuse(provider);
  const score = provider === 'recaptcha' ? (answer.score ?? 1) : 1;
  // Trying again would change nothing, so that a person with a low score is better read than refused.
  return score < leastScore ? { flag: 'captcha_score' } : pass;
}

/** Whether a token was made on the form's own pages, or on ours, and for what the form is for. */
function isForForm(answer: Good, { captcha: policy, allowedOrigins }: Entry['form'], url: string) {
  const hosts = [...allowedOrigins, url].map((address) => new URL(address).hostname);
  const host =
    answer.hostname === null ? policy?.provider === 'hcaptcha' : hosts.includes(answer.hostname);
  // Of reCAPTCHA, the third version alone has actions, and scores.
  const hasAction =
    policy?.provider === 'turnstile' || (policy?.provider === 'recaptcha' && answer.score !== null);
  const action = policy?.action ?? null;
  return (
    (host || allowedOrigins.length === 0) &&
    (!hasAction || action === null || answer.action === action)
  );
}

function refuse(provider: CaptchaProvider): { refuse: AppError } {
  return { refuse: captchaFailed(provider) };
}

/** The 422 for an entry whose captcha is missing, bad, or spent for another entry. */
export function captchaFailed(provider: CaptchaProvider): AppError {
  const message = 'must be confirmed again';
  return new AppError('captcha_failed', 'The captcha has to be solved, once for each try.', {
    fields: [{ field: captchaInputs[provider], code: 'captcha_failed', message }],
  });
}

function outage(): AppError {
  return new AppError('unavailable', 'The captcha cannot be checked now. Try again shortly.', {
    retryAfter: 30,
    reason: 'captcha',
  });
}

/** A UUID (version 8) of a text: the same entry, sent twice, may ask about its token twice. */
async function uuidOf(text: string): Promise<string> {
  const hash = await sha256(text);
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`];
  return [...parts, `8${hash.slice(17, 20)}`, hash.slice(20, 32)].join('-');
}

import * as z from 'zod/mini';
import {
  isContact,
  isDatabaseAddress,
  isPublicAddress,
  isPublicHost,
  isSentryDsn,
  isServiceAddress,
  parseOrigin,
} from './lib/addresses.ts';
import { isMailAddress, parseMailAddress, type MailAddress } from './lib/mail-address.ts';
import { parseRate, type Rate } from './lib/rate.ts';
import { webhookKey } from './lib/standard-webhooks.ts';
import { list, lowerCaseList, secretOf, share, textThat, unlessEmpty } from './lib/settings.ts';
import { parsedText } from './lib/text.ts';
import type { CaptchaService } from './platform/captcha.ts';
import type { AssetsBinding } from './platform/assets.ts';
import type { EmailBinding } from './platform/cloudflare-email.ts';
import type { Bucket } from './platform/files.ts';
import type { MailService } from './platform/mailer.ts';

/** The platform's rate-limit binding, https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/. */
export type BurstBinding = { limit(options: { key: string }): Promise<{ success: boolean }> };

const rate = parsedText(20, parseRate, { code: 'rate', message: 'must look like 1000/1h' });

const origin = parsedText(300, parseOrigin, {
  code: 'origin',
  message: 'must be an origin such as https://leads.acme.com, without a path',
});

/** 32 random bytes are 43 characters in base64url and 64 in hex. */
const appSecret = secretOf(43, 'must hold at least 32 random bytes');

/** Upstash's have about 60 characters, Turso's far more. */
const serviceToken = secretOf(20, 'is too short');

/** It lets everybody pass: https://developers.google.com/recaptcha/docs/faq. Those of the others are not random. */
const recaptchaTestSecret = '6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe';

/** Of a captcha's provider. */
const captchaSecret = unlessEmpty(z.string().check(z.minLength(20, 'is too short')));

/** The address of a service that stands in for another one. */
const standIn = unlessEmpty(
  textThat(isServiceAddress, 'must be http://… or https://…, without credentials or a query'),
);

const fields = z.object({
  ENVIRONMENT: z.enum(['development', 'staging', 'production']),
  PUBLIC_URL: origin,
  ALLOWED_HOSTS: lowerCaseList,
  CORS_ALLOWED_ORIGINS: list,
  LIMIT_INTAKE_PER_IP: rate,
  LIMIT_API_PER_KEY: rate,
  LIMIT_ANONYMOUS_PER_IP: rate,
  LIMIT_AUTH_FAILURES: rate,
  LIMIT_CONFIRMATIONS_PER_DOMAIN: rate,
  SENTRY_TRACES_SAMPLE_RATE: unlessEmpty(share),
  SECURITY_CONTACT: unlessEmpty(textThat(isContact, 'must be a mailto: or https: address')),
  TURSO_DATABASE_URL: textThat(
    isDatabaseAddress,
    'must be libsql://… or https://…, without credentials or a query',
  ),
  TURSO_AUTH_TOKEN: unlessEmpty(z.string()),
  UPSTASH_REDIS_REST_URL: textThat(
    isServiceAddress,
    'must be https://…, without credentials or a query',
  ),
  UPSTASH_REDIS_REST_TOKEN: z.string().check(z.minLength(1, 'is empty')),
  APP_SECRET: appSecret,
  APP_SECRET_PREVIOUS: unlessEmpty(appSecret),
  SUBJECT_SECRET: unlessEmpty(appSecret),
  SENTRY_DSN: unlessEmpty(textThat(isSentryDsn, 'must be https://<public key>@<host>/<project>')),
  TURNSTILE_SECRET_KEY: captchaSecret,
  HCAPTCHA_SECRET_KEY: captchaSecret,
  RECAPTCHA_SECRET_KEY: captchaSecret,
  CAPTCHA_URL: standIn,
  MAIL_PROVIDER: unlessEmpty(
    z.enum(['resend', 'cloudflare', 'log'], 'must be resend, cloudflare or log'),
  ),
  MAIL_FROM: unlessEmpty(
    textThat(
      isMailAddress,
      'must be an address such as news@acme.com, or Acme <news@acme.com>, in one line',
    ),
  ),
  RESEND_API_KEY: unlessEmpty(z.string()),
  RESEND_URL: standIn,
  RESEND_WEBHOOK_SECRET: unlessEmpty(
    textThat(
      (text) => webhookKey(text) !== null,
      'must be whsec_ and at least 24 bytes in base64, as Resend shows it',
    ),
  ),
  BURST: z.custom<BurstBinding>(
    (value) => typeof value === 'object' && value !== null && 'limit' in value,
    'is missing',
  ),
  ASSETS: z.custom<AssetsBinding>(
    (value) => typeof value === 'object' && value !== null && 'fetch' in value,
    'is missing',
  ),
  FILES: z.optional(
    z.custom<Bucket>(
      (value) => typeof value === 'object' && value !== null && 'put' in value,
      'is no R2 bucket',
    ),
  ),
  EMAIL: z.optional(
    z.custom<EmailBinding>(
      (value) => typeof value === 'object' && value !== null && 'send' in value,
      'is no send_email binding',
    ),
  ),
  CF_VERSION_METADATA: z.optional(z.object({ id: z.string() })),
});

/** The name of every var, secret and binding. */
export function settingNames(): string[] {
  return Object.keys(fields.shape);
}

type Env = z.output<typeof fields>;

const notPublic = 'must be encrypted, at a host that is neither local nor an example';
const notToken = 'is too short or an example';
const forDevelopment = 'is for development alone';

/** What settings must fulfil together, each with what the log says when they do not. */
type Rule = [field: keyof Env, isMet: (env: Env) => boolean, otherwise: string];

const neededForMail = 'is missing, and MAIL_PROVIDER needs it';

const rules: Rule[] = [
  ['MAIL_FROM', (env) => env.MAIL_FROM !== undefined || providerOf(env) === 'log', neededForMail],
  [
    'RESEND_API_KEY',
    (env) => env.RESEND_API_KEY !== undefined || providerOf(env) !== 'resend',
    neededForMail,
  ],
  ['EMAIL', (env) => env.EMAIL !== undefined || providerOf(env) !== 'cloudflare', neededForMail],
];

/** What a deployment that others can reach must fulfil besides. */
const rulesOfDeployments: Rule[] = [
  ['PUBLIC_URL', (env) => isPublicAddress(env.PUBLIC_URL), notPublic],
  [
    'ALLOWED_HOSTS',
    (env) => env.ALLOWED_HOSTS.every((host) => /^[a-z0-9.-]+$/.test(host) && isPublicHost(host)),
    'must hold host names of yours, such as leads.acme.com, without *, scheme or port',
  ],
  [
    'ALLOWED_HOSTS',
    ({ PUBLIC_URL: url, ALLOWED_HOSTS: hosts }) =>
      !isPublicAddress(url) || hosts.includes(new URL(url).hostname),
    'must hold the host of PUBLIC_URL',
  ],
  [
    'CORS_ALLOWED_ORIGINS',
    (env) => env.CORS_ALLOWED_ORIGINS.every((text) => isPublicOrigin(text)),
    'must hold https origins of yours, such as https://www.acme.com, without *',
  ],
  ['TURSO_DATABASE_URL', (env) => isPublicAddress(env.TURSO_DATABASE_URL), notPublic],
  ['TURSO_AUTH_TOKEN', (env) => env.TURSO_AUTH_TOKEN !== undefined, 'is missing'],
  ['TURSO_AUTH_TOKEN', (env) => isServiceToken(env.TURSO_AUTH_TOKEN), notToken],
  ['UPSTASH_REDIS_REST_URL', (env) => isPublicAddress(env.UPSTASH_REDIS_REST_URL), notPublic],
  ['UPSTASH_REDIS_REST_TOKEN', (env) => isServiceToken(env.UPSTASH_REDIS_REST_TOKEN), notToken],
  ['SENTRY_DSN', ({ SENTRY_DSN: dsn }) => dsn === undefined || isPublicAddress(dsn), notPublic],
  ['TURNSTILE_SECRET_KEY', (env) => isServiceToken(env.TURNSTILE_SECRET_KEY), notToken],
  ['HCAPTCHA_SECRET_KEY', (env) => isServiceToken(env.HCAPTCHA_SECRET_KEY), notToken],
  [
    'RECAPTCHA_SECRET_KEY',
    ({ RECAPTCHA_SECRET_KEY: secret }) => isServiceToken(secret) && secret !== recaptchaTestSecret,
    notToken,
  ],
  ['CAPTCHA_URL', (env) => env.CAPTCHA_URL === undefined, forDevelopment],
  [
    'MAIL_FROM',
    ({ MAIL_FROM: from }) => isPublicHost(senderOf(from)?.address.split('@').at(-1) ?? ''),
    'must be at a host of yours, neither local nor an example',
  ],
  ['RESEND_API_KEY', (env) => isServiceToken(env.RESEND_API_KEY), notToken],
  ['RESEND_URL', (env) => env.RESEND_URL === undefined, forDevelopment],
  ['RESEND_WEBHOOK_SECRET', (env) => isServiceToken(env.RESEND_WEBHOOK_SECRET), notToken],
  [
    'SUBJECT_SECRET',
    (env) => env.SUBJECT_SECRET !== undefined || secretsOf(env).length === 1,
    'is missing while APP_SECRET is replaced: set it to the one before',
  ],
];

const envSchema = fields.check(
  z.superRefine((env, context) => {
    const others = env.ENVIRONMENT === 'development' ? [] : rulesOfDeployments;
    for (const [field, isMet, message] of [...rules, ...others]) {
      if (isMet(env)) continue;
      context.issues.push({ code: 'custom', path: [field], message, input: undefined });
    }
  }),
);

function isPublicOrigin(text: string): boolean {
  return !text.includes('*') && isPublicAddress(text) && parseOrigin(text) === text;
}

function isServiceToken(text: string | undefined): boolean {
  return text === undefined || serviceToken.safeParse(text).success;
}

function providerOf(env: Env): MailService['provider'] {
  return env.MAIL_PROVIDER ?? 'log';
}

function senderOf(text: string | undefined): MailAddress | null {
  return text === undefined ? null : parseMailAddress(text);
}

/** The deployment's configuration, checked. Times are milliseconds. */
export type Config = {
  environment: 'development' | 'staging' | 'production';
  publicUrl: string;
  allowedHosts: string[];
  corsOrigins: string[];
  limits: {
    intakePerIp: Rate;
    apiPerKey: Rate;
    anonymousPerIp: Rate;
    authFailures: Rate;
    /** Mails that ask to confirm, to one domain. */
    confirmationsPerDomain: Rate;
  };
  securityContact: string | null;
  database: { url: string; authToken: string | null };
  redis: { url: string; token: string };
  /** The secret that hashes are made with, then the one before it while it is being rotated. */
  secrets: [current: string, ...previous: string[]];
  /**
   * What stands for people where their address may not, and the links in their mails, are made with the first one. It
   * outlives the others: set `SUBJECT_SECRET` before `APP_SECRET` is rotated.
   */
  subjectSecrets: [current: string, ...previous: string[]];
  sentry: { dsn: string | null; tracesSampleRate: number };
  captcha: CaptchaService;
  mail: MailService;
  /** With which Resend signs what it tells of our mails; null where it tells nothing. */
  resendWebhookSecret: string | null;
  burst: BurstBinding;
  assets: AssetsBinding;
  /** Null in a deployment whose forms take no files. */
  bucket: Bucket | null;
  versionId: string;
};

/** What issuing and checking keys depends on. */
export type KeyConfig = Pick<Config, 'environment' | 'secrets'>;

/** What is wrong with a configuration: names of fields and sentences, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The configuration is not usable: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** Reads vars, secrets and bindings. Throws {@link ConfigError} when the Worker must not serve with them. */
export function parseEnv(bindings: unknown): Config {
  const result = envSchema.safeParse(bindings, { reportInput: true });
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => `${issue.path.join('.')} ${sentenceFor(issue)}`),
    );
  }
  const env = result.data;
  return {
    environment: env.ENVIRONMENT,
    publicUrl: env.PUBLIC_URL,
    allowedHosts: env.ALLOWED_HOSTS,
    corsOrigins: env.CORS_ALLOWED_ORIGINS,
    limits: {
      intakePerIp: env.LIMIT_INTAKE_PER_IP,
      apiPerKey: env.LIMIT_API_PER_KEY,
      anonymousPerIp: env.LIMIT_ANONYMOUS_PER_IP,
      authFailures: env.LIMIT_AUTH_FAILURES,
      confirmationsPerDomain: env.LIMIT_CONFIRMATIONS_PER_DOMAIN,
    },
    securityContact: env.SECURITY_CONTACT ?? null,
    database: { url: env.TURSO_DATABASE_URL, authToken: env.TURSO_AUTH_TOKEN ?? null },
    redis: { url: env.UPSTASH_REDIS_REST_URL, token: env.UPSTASH_REDIS_REST_TOKEN },
    secrets: secretsOf(env),
    subjectSecrets: subjectSecretsOf(env),
    sentry: { dsn: env.SENTRY_DSN ?? null, tracesSampleRate: env.SENTRY_TRACES_SAMPLE_RATE ?? 0.1 },
    captcha: {
      secrets: {
        turnstile: env.TURNSTILE_SECRET_KEY ?? null,
        hcaptcha: env.HCAPTCHA_SECRET_KEY ?? null,
        recaptcha: env.RECAPTCHA_SECRET_KEY ?? null,
      },
      standIn: env.CAPTCHA_URL ?? null,
    },
    mail: mailServiceOf(env),
    resendWebhookSecret: env.RESEND_WEBHOOK_SECRET ?? null,
    burst: env.BURST,
    assets: env.ASSETS,
    bucket: env.FILES ?? null,
    versionId: env.CF_VERSION_METADATA?.id || 'local',
  };
}

/** Two that are equal are the state between the two commands that rotate a secret, each of which deploys. */
export function secretsOf({
  APP_SECRET: current,
  APP_SECRET_PREVIOUS: previous,
}: Pick<Env, 'APP_SECRET' | 'APP_SECRET_PREVIOUS'>): Config['secrets'] {
  return previous === undefined || previous === current ? [current] : [current, previous];
}

/** What a provider needs is there: see the rules. */
function mailServiceOf(env: Env): MailService {
  const { RESEND_API_KEY: apiKey, EMAIL: binding } = env;
  const provider = providerOf(env);
  const from = senderOf(env.MAIL_FROM);
  if (provider === 'resend' && from !== null && apiKey !== undefined) {
    return { provider, from, apiKey, url: env.RESEND_URL ?? 'https://api.resend.com' };
  }
  if (provider === 'cloudflare' && from !== null && binding !== undefined) {
    return { provider, from, binding };
  }
  return { provider: 'log' };
}

/** Those that are equal come once. */
export function subjectSecretsOf(
  env: Pick<Env, 'APP_SECRET' | 'APP_SECRET_PREVIOUS' | 'SUBJECT_SECRET'>,
): Config['subjectSecrets'] {
  const [current, ...previous] = secretsOf(env);
  const own = env.SUBJECT_SECRET ?? current;
  return [own, ...[current, ...previous].filter((secret) => secret !== own)];
}

function sentenceFor(issue: z.core.$ZodIssue): string {
  if (issue.message !== 'Invalid input') return issue.message;
  if (issue.input === undefined) return 'is missing';
  return issue.code === 'invalid_type' ? 'has the wrong type' : 'is not valid';
}

import * as z from 'zod/mini';
import { parseRate, type Rate } from './lib/rate.ts';
import { parsedText } from './lib/text.ts';

/** The platform's rate-limit binding, https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/. */
export type BurstBinding = { limit(options: { key: string }): Promise<{ success: boolean }> };

const list = z.pipe(
  z.string(),
  z.transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ),
);

const rate = parsedText(20, parseRate, { code: 'rate', message: 'must look like 1000/1h' });

/** 32 random bytes are 43 characters in base64url and 64 in hex. */
const secret = z.string().check(
  z.minLength(43, 'must hold at least 32 random bytes'),
  z.refine((text) => new Set(text).size >= 12, 'is not random'),
  z.refine(
    (text) => !/example|change.?me|replace|placeholder|your[-_ ]|secret/i.test(text),
    'is an example',
  ),
);

/** A var that is empty counts as not set. */
const unlessEmpty = <T extends z.ZodMiniType>(schema: T) =>
  z.optional(
    z.union([
      z.pipe(
        z.literal(''),
        z.transform(() => undefined),
      ),
      schema,
    ]),
  );

const localHost = /^(localhost|127\.|\[?::1|0\.0\.0\.0)/i;

const fields = z.object({
  ENVIRONMENT: z.enum(['development', 'staging', 'production']),
  PUBLIC_URL: z.url(),
  ALLOWED_HOSTS: list,
  CORS_ALLOWED_ORIGINS: list,
  LIMIT_INTAKE_PER_IP: rate,
  LIMIT_API_PER_KEY: rate,
  LIMIT_ANONYMOUS_PER_IP: rate,
  LIMIT_AUTH_FAILURES: rate,
  SENTRY_TRACES_SAMPLE_RATE: z.coerce.number('must be a number').check(z.gte(0), z.lte(1)),
  SECURITY_CONTACT: unlessEmpty(z.url()),
  TURSO_DATABASE_URL: z.url(),
  TURSO_AUTH_TOKEN: unlessEmpty(z.string()),
  UPSTASH_REDIS_REST_URL: z.url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().check(z.minLength(1, 'is empty')),
  APP_SECRET: secret,
  APP_SECRET_PREVIOUS: unlessEmpty(secret),
  SENTRY_DSN: unlessEmpty(z.url()),
  BURST: z.custom<BurstBinding>(
    (value) => typeof value === 'object' && value !== null && 'limit' in value,
    'is missing',
  ),
  CF_VERSION_METADATA: z.optional(z.object({ id: z.string() })),
});

/** The name of every var, secret and binding. */
export function settingNames(): string[] {
  return Object.keys(fields.shape);
}

/** What no deployment that others can reach may be configured with. */
const envSchema = fields.check(
  z.superRefine((env, context) => {
    if (env.ENVIRONMENT === 'development') return;
    const refuse = (field: keyof typeof env, message: string) =>
      context.issues.push({ code: 'custom', path: [field], message, input: undefined });
    if (!env.PUBLIC_URL.startsWith('https://')) refuse('PUBLIC_URL', 'must be https');
    if (!isSecureDatabase(env.TURSO_DATABASE_URL)) {
      refuse('TURSO_DATABASE_URL', 'must not be plain http');
    }
    if (env.TURSO_AUTH_TOKEN === undefined) refuse('TURSO_AUTH_TOKEN', 'is missing');
    if (!env.UPSTASH_REDIS_REST_URL.startsWith('https://')) {
      refuse('UPSTASH_REDIS_REST_URL', 'must be https');
    }
    if (env.ALLOWED_HOSTS.length === 0) refuse('ALLOWED_HOSTS', 'is missing');
    if (env.ALLOWED_HOSTS.some((host) => !/^[a-z0-9.-]+$/i.test(host) || localHost.test(host))) {
      refuse(
        'ALLOWED_HOSTS',
        'must hold host names such as leads.example.com, without *, scheme or port',
      );
    }
    if (env.CORS_ALLOWED_ORIGINS.some((origin) => !isPublicOrigin(origin))) {
      refuse(
        'CORS_ALLOWED_ORIGINS',
        'must hold https origins such as https://example.com, without *',
      );
    }
  }),
);

function isSecureDatabase(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^(libsql|https):$/.test(url.protocol) && url.searchParams.get('tls') !== '0';
}

function isPublicOrigin(text: string): boolean {
  if (text.includes('*') || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' && url.origin === text && !localHost.test(url.hostname);
}

/** The deployment's configuration, checked. Times are milliseconds. */
export type Config = {
  environment: 'development' | 'staging' | 'production';
  publicUrl: string;
  allowedHosts: string[];
  corsOrigins: string[];
  limits: { intakePerIp: Rate; apiPerKey: Rate; anonymousPerIp: Rate; authFailures: Rate };
  securityContact: string | null;
  database: { url: string; authToken: string | null };
  redis: { url: string; token: string };
  /** The secret that hashes are made with, then the one before it while it is being rotated. */
  secrets: [current: string, ...previous: string[]];
  sentry: { dsn: string | null; tracesSampleRate: number };
  burst: BurstBinding;
  versionId: string;
};

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
    publicUrl: env.PUBLIC_URL.replace(/\/$/, ''),
    allowedHosts: env.ALLOWED_HOSTS.map((host) => host.toLowerCase()),
    corsOrigins: env.CORS_ALLOWED_ORIGINS,
    limits: {
      intakePerIp: env.LIMIT_INTAKE_PER_IP,
      apiPerKey: env.LIMIT_API_PER_KEY,
      anonymousPerIp: env.LIMIT_ANONYMOUS_PER_IP,
      authFailures: env.LIMIT_AUTH_FAILURES,
    },
    securityContact: env.SECURITY_CONTACT ?? null,
    database: { url: env.TURSO_DATABASE_URL, authToken: env.TURSO_AUTH_TOKEN ?? null },
    redis: { url: env.UPSTASH_REDIS_REST_URL, token: env.UPSTASH_REDIS_REST_TOKEN },
    secrets: [env.APP_SECRET, ...(env.APP_SECRET_PREVIOUS ? [env.APP_SECRET_PREVIOUS] : [])],
    sentry: { dsn: env.SENTRY_DSN ?? null, tracesSampleRate: env.SENTRY_TRACES_SAMPLE_RATE },
    burst: env.BURST,
    versionId: env.CF_VERSION_METADATA?.id || 'local',
  };
}

function sentenceFor(issue: z.core.$ZodIssue): string {
  if (issue.message !== 'Invalid input') return issue.message;
  if (issue.input === undefined) return 'is missing';
  return issue.code === 'invalid_type' ? 'has the wrong type' : 'is not valid';
}

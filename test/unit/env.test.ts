import { describe, it } from 'vitest';
import { ConfigError, parseEnv } from '../../src/env.ts';
import { productionEnv } from './production-env.ts';

/** What the log would say of this configuration; nothing when the Worker may serve with it. */
function problemsOf(change: Record<string, unknown>): string[] {
  try {
    parseEnv({ ...productionEnv, ...change });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const isRequired = (name: string) =>
  !/^(SECURITY_CONTACT|APP_SECRET_PREVIOUS|SUBJECT_SECRET|(SENTRY|MAIL|RESEND|TURNSTILE)_.*|.*CAPTCHA_.*|CF_VERSION_METADATA)$/.test(
    name,
  );

describe('a configuration', () => {
  it('of a production deployment is read', ({ expect }) => {
    expect(parseEnv(productionEnv)).toEqual({
      environment: 'production',
      publicUrl: 'https://inlet.acme.alt',
      allowedHosts: ['inlet.acme.alt', 'inlet2.acme.alt'],
      corsOrigins: ['https://www.acme.alt', 'https://shop.acme.alt:8443'],
      limits: {
        intakePerIp: { limit: 10, windowMs: 3_600_000 },
        apiPerKey: { limit: 1_000, windowMs: 3_600_000 },
        anonymousPerIp: { limit: 100, windowMs: 3_600_000 },
        authFailures: { limit: 10, windowMs: 900_000 },
        confirmationsPerDomain: { limit: 500, windowMs: 3_600_000 },
      },
      securityContact: null,
      database: { url: 'libsql://inlet-acme.turso.io', authToken: productionEnv.TURSO_AUTH_TOKEN },
      redis: {
        url: 'https://calm-cat-12345.upstash.io',
        token: productionEnv.UPSTASH_REDIS_REST_TOKEN,
      },
      secrets: [productionEnv.APP_SECRET],
      subjectSecrets: [productionEnv.APP_SECRET],
      sentry: { dsn: null, tracesSampleRate: 0.1 },
      captcha: {
        secrets: { turnstile: null, hcaptcha: null, recaptcha: null },
        standIn: null,
      },
      mail: { provider: 'log' },
      resendWebhookSecret: null,
      burst: productionEnv.BURST,
      assets: productionEnv.ASSETS,
      bucket: null,
      versionId: 'version-1',
    });
  });

  it('may leave out what is optional, and empty is left out', ({ expect }) => {
    const required = Object.entries(productionEnv).filter(([name]) => isRequired(name));
    const expected = { ...parseEnv(productionEnv), versionId: 'local' };
    expect(parseEnv(Object.fromEntries(required))).toEqual(expected);
    const empty = { SENTRY_TRACES_SAMPLE_RATE: '', SENTRY_DSN: '', APP_SECRET_PREVIOUS: '' };
    expect(parseEnv({ ...productionEnv, ...empty })).toEqual(parseEnv(productionEnv));
    expect(problemsOf({ CORS_ALLOWED_ORIGINS: '' })).toEqual([]);
  });

  it('may hold everything', ({ expect }) => {
    const config = parseEnv({
      ...productionEnv,
      PUBLIC_URL: 'https://inlet.acme.alt/',
      SECURITY_CONTACT: 'mailto:security@acme.alt',
      SENTRY_DSN: 'https://abc@o1.ingest.sentry.io/2',
      SENTRY_TRACES_SAMPLE_RATE: '1',
      APP_SECRET_PREVIOUS: '4f8a1c6e9b2d7053e1f4a8c6b9d2e70513f8a4c6e9b1d2705e3f4a8c6b9d2e71',
      SUBJECT_SECRET: '4f8a1c6e9b2d7053e1f4a8c6b9d2e70513f8a4c6e9b1d2705e3f4a8c6b9d2e71',
      RESEND_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    });
    expect(config.publicUrl).toBe('https://inlet.acme.alt');
    expect(config.securityContact).toBe('mailto:security@acme.alt');
    expect(config.sentry).toEqual({
      dsn: 'https://abc@o1.ingest.sentry.io/2',
      tracesSampleRate: 1,
    });
    expect(config.secrets).toHaveLength(2);
    expect(config.resendWebhookSecret).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  });

  it.for([
    ['0', 0],
    ['1', 1],
    ['1.0', 1],
    ['0.25', 0.25],
    ['.5', 0.5],
  ] as const)('traces %s of the requests', ([text, share], { expect }) => {
    const config = parseEnv({ ...productionEnv, SENTRY_TRACES_SAMPLE_RATE: text });
    expect(config.sentry.tracesSampleRate).toBe(share);
  });

  it('has a secret of subjects that outlives the others', ({ expect }) => {
    const { APP_SECRET } = productionEnv;
    const next = 'Yx2wVu9tSr4qPo7nMl1kJi6hGf3eDc8bAz5yXw0vUtSr';
    expect(parseEnv({ ...productionEnv, SUBJECT_SECRET: APP_SECRET }).subjectSecrets).toEqual([
      APP_SECRET,
    ]);
    const rotated = { APP_SECRET: next, APP_SECRET_PREVIOUS: APP_SECRET };
    const local = { ...productionEnv, ...rotated, ENVIRONMENT: 'development' };
    expect(parseEnv(local).subjectSecrets).toEqual([next, APP_SECRET]);
    expect(problemsOf(rotated)).toEqual([
      'SUBJECT_SECRET is missing while APP_SECRET is replaced: set it to the one before',
    ]);
    expect(problemsOf({ ...rotated, SUBJECT_SECRET: APP_SECRET })).toEqual([]);
    const kept = { ...productionEnv, APP_SECRET: next, SUBJECT_SECRET: APP_SECRET };
    expect(parseEnv(kept).subjectSecrets).toEqual([APP_SECRET, next]);
  });

  it('may hold the same secret twice, as it does while one is rotated, and uses it once', ({
    expect,
  }) => {
    const { APP_SECRET } = productionEnv;
    const config = parseEnv({ ...productionEnv, APP_SECRET_PREVIOUS: APP_SECRET });
    expect(config.secrets).toEqual([APP_SECRET]);
  });

  it.for([
    'mailto:security@acme.alt',
    'mailto:security@acme.alt?subject=Inlet',
    'https://www.acme.alt/security?from=inlet',
  ])('may name %s for reports', (SECURITY_CONTACT, { expect }) => {
    expect(parseEnv({ ...productionEnv, SECURITY_CONTACT }).securityContact).toBe(SECURITY_CONTACT);
  });

  it.for([
    'localhost.acme.alt',
    'example.acme.alt',
    'counter-example.com',
    'example.com.acme.alt',
    'latest',
    '10.acme.alt',
    'xn--bcher-kva.alt',
  ])('may be of the host %s, which only looks reserved', (host, { expect }) => {
    const change = {
      PUBLIC_URL: `https://${host}`,
      ALLOWED_HOSTS: host,
      CORS_ALLOWED_ORIGINS: `https://${host}`,
    };
    expect(problemsOf(change)).toEqual([]);
  });

  it('of development may be of this machine', ({ expect }) => {
    const config = parseEnv({
      ...productionEnv,
      ENVIRONMENT: 'development',
      PUBLIC_URL: 'http://localhost:8787',
      ALLOWED_HOSTS: 'localhost,127.0.0.1,[::1]',
      CORS_ALLOWED_ORIGINS: 'http://localhost:3000',
      UPSTASH_REDIS_REST_TOKEN: 'short',
      SENTRY_DSN: 'http://0123@127.0.0.1:9000/sink/1',
      TURSO_DATABASE_URL: 'http://127.0.0.1:8080',
      TURSO_AUTH_TOKEN: '',
      UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:8079',
    });
    expect(config.allowedHosts).toEqual(['localhost', '127.0.0.1', '[::1]']);
    expect(config.database).toEqual({ url: 'http://127.0.0.1:8080', authToken: null });
  });

  it.for(Object.keys(productionEnv).filter(isRequired))(
    'is refused without %s, which is named',
    (name, { expect }) => {
      expect(problemsOf({ [name]: undefined })).toEqual([`${name} is missing`]);
    },
  );

  it('is refused when it is nothing at all', ({ expect }) => {
    for (const bindings of [undefined, null, {}, 'env']) {
      expect(() => parseEnv(bindings)).toThrow(ConfigError);
    }
  });

  it('is refused with a value of another type', ({ expect }) => {
    expect(problemsOf({ APP_SECRET: 5 })).toEqual(['APP_SECRET has the wrong type']);
    expect(problemsOf({ ALLOWED_HOSTS: ['a'] })).toEqual(['ALLOWED_HOSTS has the wrong type']);
    expect(problemsOf({ SENTRY_TRACES_SAMPLE_RATE: 0.1 })).toEqual([
      'SENTRY_TRACES_SAMPLE_RATE has the wrong type',
    ]);
    expect(problemsOf({ APP_SECRET_PREVIOUS: 5 })).toEqual([
      'APP_SECRET_PREVIOUS has the wrong type',
    ]);
    expect(problemsOf({ BURST: 'binding' })).toEqual(['BURST is missing']);
    expect(problemsOf({ BURST: {} })).toEqual(['BURST is missing']);
    expect(problemsOf({ ASSETS: {} })).toEqual(['ASSETS is missing']);
    expect(problemsOf({ ENVIRONMENT: 'prod' })).toEqual(['ENVIRONMENT is not valid']);
    expect(problemsOf({ CF_VERSION_METADATA: { id: 5 } })).toEqual([
      'CF_VERSION_METADATA.id has the wrong type',
    ]);
  });

  it('is refused with everything that is wrong with it at once', ({ expect }) => {
    expect(problemsOf({ APP_SECRET: undefined, LIMIT_API_PER_KEY: 'many', BURST: 5 })).toEqual([
      'LIMIT_API_PER_KEY must look like 1000/1h',
      'APP_SECRET is missing',
      'BURST is missing',
    ]);
  });
});

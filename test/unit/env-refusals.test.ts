import { createClient } from '@libsql/client/http';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { ConfigError, parseEnv } from '../../src/env.ts';
import { productionEnv } from './production-env.ts';

/** The fields that the log would name; none when the Worker may serve. Fails on any other error. */
function namedIn(bindings: Record<string, unknown>): string[] {
  try {
    parseEnv({ ...productionEnv, ...bindings });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.slice(0, problem.indexOf(' ')));
  }
}

type Refusal = [what: string, field: keyof typeof productionEnv, value: string];

const jwt = productionEnv.TURSO_AUTH_TOKEN;

/** What only this machine may be configured with. */
const unlessLocal: Refusal[] = [
  ['an address without https', 'PUBLIC_URL', 'http://inlet.acme.alt'],
  ['the address of this machine', 'PUBLIC_URL', 'https://localhost'],
  ['the IPv6 address of this machine', 'PUBLIC_URL', 'https://[::1]:8787'],
  ['an IPv4 address in IPv6 clothes', 'PUBLIC_URL', 'https://[::ffff:127.0.0.1]'],
  ['an address of the example', 'PUBLIC_URL', 'https://inlet.example.com'],
  ['no host', 'ALLOWED_HOSTS', ''],
  ['nothing but commas for hosts', 'ALLOWED_HOSTS', ' , ,'],
  ['another host than that of PUBLIC_URL', 'ALLOWED_HOSTS', 'inlet2.acme.alt'],
  ['every host', 'ALLOWED_HOSTS', '*'],
  ['every host beside a real one', 'ALLOWED_HOSTS', 'inlet.acme.alt,*'],
  ['a pattern of hosts', 'ALLOWED_HOSTS', 'inlet.acme.alt,*.acme.alt'],
  ['localhost', 'ALLOWED_HOSTS', 'inlet.acme.alt,localhost'],
  ['localhost in capitals', 'ALLOWED_HOSTS', 'inlet.acme.alt,LocalHost'],
  ['localhost with a dot', 'ALLOWED_HOSTS', 'inlet.acme.alt,localhost.'],
  ['a name of this machine', 'ALLOWED_HOSTS', 'inlet.acme.alt,inlet.localhost'],
  ['a loopback address', 'ALLOWED_HOSTS', 'inlet.acme.alt,127.0.0.1'],
  ['a short loopback address', 'ALLOWED_HOSTS', 'inlet.acme.alt,127.1'],
  ['an IPv6 loopback address', 'ALLOWED_HOSTS', 'inlet.acme.alt,[::1]'],
  ['the address of every interface', 'ALLOWED_HOSTS', 'inlet.acme.alt,0.0.0.0'],
  ['an address for a host', 'ALLOWED_HOSTS', 'inlet.acme.alt,https://inlet.acme.alt'],
  ['a host with a port', 'ALLOWED_HOSTS', 'inlet.acme.alt,inlet.acme.alt:443'],
  ['the example for a host', 'ALLOWED_HOSTS', 'inlet.acme.alt,inlet.example.com'],
  ['the example with a dot', 'ALLOWED_HOSTS', 'inlet.acme.alt,Example.ORG.'],
  ['a host kept for examples', 'ALLOWED_HOSTS', 'inlet.acme.alt,inlet.example'],
  ['a host kept for tests', 'ALLOWED_HOSTS', 'inlet.acme.alt,inlet.test'],
  ['a host that cannot be', 'ALLOWED_HOSTS', 'inlet.acme.alt,inlet.invalid'],
  ['every origin', 'CORS_ALLOWED_ORIGINS', '*'],
  ['the origin null', 'CORS_ALLOWED_ORIGINS', 'null'],
  ['a pattern of origins', 'CORS_ALLOWED_ORIGINS', 'https://*.acme.alt'],
  ['an origin without https', 'CORS_ALLOWED_ORIGINS', 'http://www.acme.alt'],
  ['an origin with a path', 'CORS_ALLOWED_ORIGINS', 'https://www.acme.alt/'],
  ['an origin with a user', 'CORS_ALLOWED_ORIGINS', 'https://www@acme.alt'],
  ['an origin without a scheme', 'CORS_ALLOWED_ORIGINS', 'www.acme.alt'],
  ['the origin of this machine', 'CORS_ALLOWED_ORIGINS', 'https://localhost'],
  ['the origin of this machine by address', 'CORS_ALLOWED_ORIGINS', 'https://127.0.0.1:3000'],
  ['the origin of an example', 'CORS_ALLOWED_ORIGINS', 'https://www.acme.alt,https://example.com'],
  ['the origin of a test', 'CORS_ALLOWED_ORIGINS', 'https://www.acme.test'],
  ['a database over plain http', 'TURSO_DATABASE_URL', 'http://db.acme.alt'],
  ['a database on this machine', 'TURSO_DATABASE_URL', 'libsql://127.1:8080'],
  ['the example of a database', 'TURSO_DATABASE_URL', 'libsql://inlet.example.com'],
  ['a database without its token', 'TURSO_AUTH_TOKEN', ''],
  ['a short token of the database', 'TURSO_AUTH_TOKEN', 'eyJhbGciOiJFZERTQS'],
  ['the example of a token', 'TURSO_AUTH_TOKEN', `your-token-${jwt}`],
  ['a token of one letter', 'TURSO_AUTH_TOKEN', 'x'.repeat(200)],
  ['Redis over plain http', 'UPSTASH_REDIS_REST_URL', 'http://redis.acme.alt'],
  ['Redis on this machine', 'UPSTASH_REDIS_REST_URL', 'https://localhost:8079'],
  ['the example of a Redis', 'UPSTASH_REDIS_REST_URL', 'https://redis.example'],
  ['a short token of Redis', 'UPSTASH_REDIS_REST_TOKEN', 'AYNgASQgODk3ZTBkMjY'],
  ['the example of a Redis token', 'UPSTASH_REDIS_REST_TOKEN', `replace-me-${jwt}`],
  ['Sentry over plain http', 'SENTRY_DSN', 'http://0123abc@o1.ingest.sentry.io/2'],
  ['Sentry on this machine', 'SENTRY_DSN', 'https://0123abc@localhost:9000/2'],
  ['the example of a Sentry', 'SENTRY_DSN', 'https://public@sentry.example.com/1'],
  ["Turnstile's secret for tests", 'TURNSTILE_SECRET_KEY', '1x0000000000000000000000000000000AA'],
  ["hCaptcha's secret for tests", 'HCAPTCHA_SECRET_KEY', `0x${'0'.repeat(40)}`],
  [
    "reCAPTCHA's secret for tests",
    'RECAPTCHA_SECRET_KEY',
    '6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe',
  ],
  ['a stand-in for captchas', 'CAPTCHA_URL', 'https://captcha.acme.alt'],
  ['the example of a sender', 'MAIL_FROM', 'Acme <news@example.com>'],
  ['a sender on this machine', 'MAIL_FROM', 'inlet@mail.localhost'],
  ['a short key of Resend', 'RESEND_API_KEY', 're_Hx3kQ9vL2mXr7'],
  ['the example of a Resend key', 'RESEND_API_KEY', `re_your-key-${jwt}`],
  ['a Resend key of one letter', 'RESEND_API_KEY', 're_xxxxxxxx_xxxxxxxxxxxxxxxxxxxxxxxx'],
  ['a stand-in for Resend', 'RESEND_URL', 'https://mail.acme.alt'],
  [
    'the secret for events of the local stack',
    'RESEND_WEBHOOK_SECRET',
    'whsec_exampleOfThisMachineAloneExample',
  ],
  ['a secret for events of one letter', 'RESEND_WEBHOOK_SECRET', `whsec_${'a'.repeat(32)}`],
];

/** 24 bytes. */
const eventBytes = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** What no environment may be configured with: it would fail at the first request, or silently. */
const anywhere: Refusal[] = [
  ['an address that is none', 'PUBLIC_URL', 'inlet.acme.alt'],
  ['an address of another protocol', 'PUBLIC_URL', 'ftp://inlet.acme.alt'],
  ['an address with a path', 'PUBLIC_URL', 'https://inlet.acme.alt/api'],
  ['an address with a password', 'PUBLIC_URL', 'https://me:pass@inlet.acme.alt'],
  ['a database over plain ws', 'TURSO_DATABASE_URL', 'ws://db.acme.alt'],
  ['a database over wss', 'TURSO_DATABASE_URL', 'wss://db.acme.alt'],
  ['a database whose TLS is off', 'TURSO_DATABASE_URL', 'libsql://db.acme.alt:80?tls=0'],
  [
    'a database with a token in its address',
    'TURSO_DATABASE_URL',
    'libsql://db.acme.alt?authToken=a',
  ],
  ['a database with a password', 'TURSO_DATABASE_URL', 'https://me:pass@db.acme.alt'],
  ['a database with a fragment', 'TURSO_DATABASE_URL', 'https://db.acme.alt#main'],
  ['a database that is a file', 'TURSO_DATABASE_URL', 'file:inlet.db'],
  ['a database in memory', 'TURSO_DATABASE_URL', ':memory:'],
  ['a database of another kind', 'TURSO_DATABASE_URL', 'postgres://db.acme.alt/inlet'],
  ['a database without a host', 'TURSO_DATABASE_URL', 'libsql:db'],
  ['a database at a host that cannot be', 'TURSO_DATABASE_URL', 'libsql://1.2.3.4.5'],
  ['a database at a port that cannot be', 'TURSO_DATABASE_URL', 'libsql://db.acme.alt:99999'],
  ['a database that is no address', 'TURSO_DATABASE_URL', 'db'],
  ['no database', 'TURSO_DATABASE_URL', ''],
  ['Redis by its own protocol', 'UPSTASH_REDIS_REST_URL', 'rediss://redis.acme.alt:6379'],
  ['Redis as if it were libSQL', 'UPSTASH_REDIS_REST_URL', 'libsql://redis.acme.alt'],
  ['Redis with a password', 'UPSTASH_REDIS_REST_URL', 'https://me:pass@redis.acme.alt'],
  ['Redis without its token', 'UPSTASH_REDIS_REST_TOKEN', ''],
  ['an empty secret', 'APP_SECRET', ''],
  ['a short secret', 'APP_SECRET', 'Zb3kQ9vL2mXr7TtYw5PqHs8JdFgNc4VaEuRi6OoKyM'],
  ['a secret of one letter', 'APP_SECRET', 'a'.repeat(64)],
  ['a repeated word for a secret', 'APP_SECRET', 'password123'.repeat(6)],
  ['the example for a secret', 'APP_SECRET', 'example-Zb3kQ9vL2mXr7TtYw5PqHs8JdFgNc4VaEuRi6OoK'],
  ['a secret to change', 'APP_SECRET', 'CHANGE_ME-Zb3kQ9vL2mXr7TtYw5PqHs8JdFgNc4VaEuRi6OoK'],
  ['a secret to replace', 'APP_SECRET', 'replace-this-Zb3kQ9vL2mXr7TtYw5PqHs8JdFgNc4VaEuRi6O'],
  ['a secret that says so', 'APP_SECRET', 'my-app-secret-Zb3kQ9vL2mXr7TtYw5PqHs8JdFgNc4VaEuRi6'],
  ['a short secret before', 'APP_SECRET_PREVIOUS', 'short'],
  ['a short secret of subjects', 'SUBJECT_SECRET', 'short'],
  ['a secret for events without its beginning', 'RESEND_WEBHOOK_SECRET', eventBytes],
  ['a short secret for events', 'RESEND_WEBHOOK_SECRET', `whsec_${eventBytes.slice(4)}`],
  ['a secret for events that is cut off', 'RESEND_WEBHOOK_SECRET', `whsec_${eventBytes}MfK`],
  ['a secret for events in base64url', 'RESEND_WEBHOOK_SECRET', `whsec_${eventBytes}Mf-_`],
  ['a rate of mails in words', 'LIMIT_CONFIRMATIONS_PER_DOMAIN', 'few'],
  ['a rate without a window', 'LIMIT_INTAKE_PER_IP', '10'],
  ['a rate of nothing', 'LIMIT_API_PER_KEY', '0/1h'],
  ['a rate in words', 'LIMIT_ANONYMOUS_PER_IP', 'unlimited'],
  ['an empty rate', 'LIMIT_AUTH_FAILURES', ''],
  ['more traces than requests', 'SENTRY_TRACES_SAMPLE_RATE', '1.1'],
  ['less than no traces', 'SENTRY_TRACES_SAMPLE_RATE', '-0.1'],
  ['traces in words', 'SENTRY_TRACES_SAMPLE_RATE', 'some'],
  ['traces in hex', 'SENTRY_TRACES_SAMPLE_RATE', '0x1'],
  ['blank traces', 'SENTRY_TRACES_SAMPLE_RATE', ' '],
  ['a DSN that is no address', 'SENTRY_DSN', 'sentry'],
  ['a DSN without a key', 'SENTRY_DSN', 'https://o1.ingest.sentry.io/2'],
  ['a DSN without a project', 'SENTRY_DSN', 'https://0123abc@o1.ingest.sentry.io/'],
  ['a DSN with a password', 'SENTRY_DSN', 'https://0123abc:45@o1.ingest.sentry.io/2'],
  ['a DSN of another protocol', 'SENTRY_DSN', 'ftp://0123abc@o1.ingest.sentry.io/2'],
  ['a contact that is no address', 'SECURITY_CONTACT', 'security@acme.alt'],
  ['a contact to nobody', 'SECURITY_CONTACT', 'mailto:security'],
  ['a contact over plain http', 'SECURITY_CONTACT', 'http://www.acme.alt/security'],
  ['a contact that runs', 'SECURITY_CONTACT', 'javascript:alert(1)'],
  ['a provider of mail that is none', 'MAIL_PROVIDER', 'smtp'],
  ['a sender that is no address', 'MAIL_FROM', 'Acme'],
  ['two senders', 'MAIL_FROM', 'a@acme.alt, b@acme.alt'],
  ['a sender of two lines', 'MAIL_FROM', 'Acme <a@acme.alt>\r\nBcc: b@acme.alt'],
  ['a stand-in for Resend with a password', 'RESEND_URL', 'http://me:pass@127.0.0.1'],
  ['a contact of two lines', 'SECURITY_CONTACT', 'https://www.acme.alt/\nExpires: never'],
];

describe.for(['production', 'staging'])('a configuration of %s', (environment) => {
  it.for(unlessLocal)('is refused with %s, and %s is named', ([, field, value], { expect }) => {
    const named = namedIn({ ENVIRONMENT: environment, [field]: value });
    expect([...new Set(named)]).toEqual([field]);
  });
});

describe.for(['production', 'development'])('a configuration of %s', (environment) => {
  it.for(anywhere)('is refused with %s, and %s is named', ([, field, value], { expect }) => {
    expect(namedIn({ ENVIRONMENT: environment, [field]: value })).toContain(field);
  });
});

describe('a configuration of development', () => {
  it.for(unlessLocal)('is taken with %s for %s', ([, field, value], { expect }) => {
    expect(namedIn({ ENVIRONMENT: 'development', [field]: value })).toEqual([]);
  });
});

describe('an address of the database that is taken', () => {
  it('is one that its client opens', ({ expect }) => {
    const part = fc.constantFrom(
      ...['libsql', 'https', 'http', 'ws', 'file', '://', ':', '//', '/', '?', '#', '@', '%', '.'],
      ...['db.acme.alt', '127.0.0.1', '[::1]', ':80', ':', '?tls=0', '?tls=1', '#a', 'me:it@', ' '],
    );
    const address = fc.oneof(
      fc.array(part, { maxLength: 7 }).map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom('libsql', 'HTTPS', 'http'), fc.array(part, { maxLength: 4 }))
        .map(([protocol, parts]) => `${protocol}://${parts.join('')}`),
      fc.webUrl(),
    );
    let taken = 0;
    const property = fc.property(address, (url) => {
      const env = { ENVIRONMENT: 'development', TURSO_DATABASE_URL: url };
      if (namedIn(env).length > 0) return;
      taken += 1;
      createClient({ url, fetch: () => {} }).close();
      const request = () => new Request(url.replace(/^libsql:/i, 'https:'));
      expect(request, url).not.toThrow();
    });
    fc.assert(property, { numRuns: 2_000 });
    expect(taken).toBeGreaterThan(100);
  });
});

describe('the error of a refused configuration', () => {
  it('names fields and never quotes a value', ({ expect }) => {
    const mark = 'q7Xz';
    const marked = fc.oneof(
      fc.string().map((text) => `${text}${mark}`),
      fc
        .constantFrom('https://', 'http://', 'libsql://', 'https://a@', 'mailto:', '10/', '*.')
        .map((start) => start + mark),
      fc.string().map((text) => [`${text}${mark}`]),
      fc.string().map((text) => ({ id: `${text}${mark}`, [mark]: mark })),
    );
    const kept = fc.constant('kept' as const);
    const changes = fc.record(
      Object.fromEntries(
        Object.keys(productionEnv).map((name) => [
          name,
          fc.oneof({ weight: 3, arbitrary: kept }, marked),
        ]),
      ),
    );
    fc.assert(
      fc.property(
        changes,
        fc.constantFrom('production', 'staging', 'development'),
        (all, environment) => {
          const changed = Object.entries(all).filter(([, value]) => value !== 'kept');
          try {
            parseEnv({
              ...productionEnv,
              ...Object.fromEntries(changed),
              ...(all['ENVIRONMENT'] === 'kept' ? { ENVIRONMENT: environment } : {}),
            });
          } catch (error) {
            if (!(error instanceof ConfigError)) throw error;
            expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(mark);
            expect(error.problems.length).toBeGreaterThan(0);
            for (const problem of error.problems) {
              expect(problem).toMatch(/^[A-Z][A-Z_]+(\.id)? [a-z0-9]/);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

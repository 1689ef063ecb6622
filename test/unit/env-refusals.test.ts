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

const environments = ['production', 'staging'] as const;

const refusals: [what: string, field: keyof typeof productionEnv, value: string][] = [
  ['an address that is none', 'PUBLIC_URL', 'inlet.acme.test'],
  ['an address without https', 'PUBLIC_URL', 'http://inlet.acme.test'],
  ['no host', 'ALLOWED_HOSTS', ''],
  ['nothing but commas for hosts', 'ALLOWED_HOSTS', ' , ,'],
  ['every host', 'ALLOWED_HOSTS', '*'],
  ['every host beside a real one', 'ALLOWED_HOSTS', 'inlet.acme.test,*'],
  ['a pattern of hosts', 'ALLOWED_HOSTS', '*.acme.test'],
  ['localhost', 'ALLOWED_HOSTS', 'inlet.acme.test,localhost'],
  ['localhost in capitals', 'ALLOWED_HOSTS', 'LocalHost'],
  ['a loopback address', 'ALLOWED_HOSTS', '127.0.0.1'],
  ['an IPv6 loopback address', 'ALLOWED_HOSTS', '[::1]'],
  ['the address of every interface', 'ALLOWED_HOSTS', '0.0.0.0'],
  ['an address for a host', 'ALLOWED_HOSTS', 'https://inlet.acme.test'],
  ['a host with a port', 'ALLOWED_HOSTS', 'inlet.acme.test:443'],
  ['every origin', 'CORS_ALLOWED_ORIGINS', '*'],
  ['the origin null', 'CORS_ALLOWED_ORIGINS', 'null'],
  ['a pattern of origins', 'CORS_ALLOWED_ORIGINS', 'https://*.acme.test'],
  ['an origin without https', 'CORS_ALLOWED_ORIGINS', 'http://www.acme.test'],
  ['an origin with a path', 'CORS_ALLOWED_ORIGINS', 'https://www.acme.test/'],
  ['an origin without a scheme', 'CORS_ALLOWED_ORIGINS', 'www.acme.test'],
  ['the origin of this machine', 'CORS_ALLOWED_ORIGINS', 'https://localhost'],
  ['the origin of this machine by address', 'CORS_ALLOWED_ORIGINS', 'https://127.0.0.1:3000'],
  ['a database over plain http', 'TURSO_DATABASE_URL', 'http://db.acme.test'],
  ['a database over plain ws', 'TURSO_DATABASE_URL', 'ws://db.acme.test'],
  ['a database whose TLS is off', 'TURSO_DATABASE_URL', 'libsql://db.acme.test:80?tls=0'],
  ['a database that is a file', 'TURSO_DATABASE_URL', 'file:inlet.db'],
  ['a database that is no address', 'TURSO_DATABASE_URL', 'db'],
  ['a database without its token', 'TURSO_AUTH_TOKEN', ''],
  ['Redis over plain http', 'UPSTASH_REDIS_REST_URL', 'http://redis.acme.test'],
  ['Redis by its own protocol', 'UPSTASH_REDIS_REST_URL', 'rediss://redis.acme.test:6379'],
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
  ['a rate without a window', 'LIMIT_INTAKE_PER_IP', '10'],
  ['a rate of nothing', 'LIMIT_API_PER_KEY', '0/1h'],
  ['a rate in words', 'LIMIT_ANONYMOUS_PER_IP', 'unlimited'],
  ['an empty rate', 'LIMIT_AUTH_FAILURES', ''],
  ['more traces than requests', 'SENTRY_TRACES_SAMPLE_RATE', '1.1'],
  ['less than no traces', 'SENTRY_TRACES_SAMPLE_RATE', '-0.1'],
  ['traces in words', 'SENTRY_TRACES_SAMPLE_RATE', 'some'],
  ['a DSN that is no address', 'SENTRY_DSN', 'sentry'],
  ['a contact that is no address', 'SECURITY_CONTACT', 'security@acme.test'],
];

describe.for(environments)('a configuration of %s', (environment) => {
  it.for(refusals)('is refused with %s, and %s is named', ([, field, value], { expect }) => {
    const named = namedIn({ ENVIRONMENT: environment, [field]: value });
    expect([...new Set(named)]).toEqual([field]);
  });
});

describe('the error of a refused configuration', () => {
  it('names fields and never quotes a value', ({ expect }) => {
    const mark = 'q7Xz';
    const marked = fc.oneof(
      fc.string().map((text) => `${text}${mark}`),
      fc.constantFrom('https://', 'http://', 'libsql://', '10/', '*.').map((start) => start + mark),
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
      fc.property(changes, fc.constantFrom(...environments, 'development'), (all, environment) => {
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
      }),
      { numRuns: 500 },
    );
  });
});

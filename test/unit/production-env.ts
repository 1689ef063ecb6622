/**
 * Bindings of a production deployment that may serve. Its hosts are under .alt, which is never in the DNS (RFC 9476):
 * those that are kept for examples are refused.
 */
export const productionEnv = {
  ENVIRONMENT: 'production',
  PUBLIC_URL: 'https://inlet.acme.alt',
  ALLOWED_HOSTS: 'inlet.acme.alt, Inlet2.acme.alt',
  CORS_ALLOWED_ORIGINS: 'https://www.acme.alt,https://shop.acme.alt:8443',
  LIMIT_INTAKE_PER_IP: '10/1h',
  LIMIT_API_PER_KEY: '1000/1h',
  LIMIT_ANONYMOUS_PER_IP: '100/1h',
  LIMIT_AUTH_FAILURES: '10/15m',
  SENTRY_TRACES_SAMPLE_RATE: '0.1',
  SECURITY_CONTACT: '',
  TURSO_DATABASE_URL: 'libsql://inlet-acme.turso.io',
  TURSO_AUTH_TOKEN: 'eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ.q5VnGx2JtY7cKd0Lw3Rb',
  UPSTASH_REDIS_REST_URL: 'https://calm-cat-12345.upstash.io',
  UPSTASH_REDIS_REST_TOKEN: 'AYNgASQgODk3ZTBkMjYtN2YxYS00Y2I5LWI1',
  APP_SECRET: 'Zb3kQ9vL2mXr7TtYw5PqHs8JdFgNc4VaEuRi6OoKyMx1',
  APP_SECRET_PREVIOUS: '',
  SENTRY_DSN: '',
  TURNSTILE_SECRET_KEY: '',
  HCAPTCHA_SECRET_KEY: '',
  RECAPTCHA_SECRET_KEY: '',
  CAPTCHA_URL: '',
  MAIL_PROVIDER: '',
  MAIL_FROM: '',
  RESEND_API_KEY: '',
  RESEND_URL: '',
  BURST: { limit: () => Promise.resolve({ success: true }) },
  ASSETS: { fetch: () => Promise.resolve(new Response()) },
  CF_VERSION_METADATA: { id: 'version-1', tag: '', timestamp: '' },
};

import { describe, it } from 'vitest';
import { call, callWith, makeSecretKey } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { expectProblem, expectSecurityHeaders } from './answers.ts';

const json = { 'Content-Type': 'application/json' };

describe('a request for what is not there', () => {
  for (const path of [
    '/',
    '/nothing',
    '/v1',
    '/v1/nothing',
    '/v2/leads',
    '/v1/leads/a/b/c',
    '/%00',
  ]) {
    it(`is answered 404: ${path}`, async ({ expect }) => {
      const response = await call(path);
      await expectProblem(expect, response, 404, 'not_found');
    });
  }

  const known: [method: string, path: string, allow: string][] = [
    ['PUT', '/v1/leads', 'GET, POST, HEAD'],
    ['DELETE', '/v1/leads', 'GET, POST, HEAD'],
    ['POST', '/v1/leads/lead_a', 'GET, PATCH, DELETE, HEAD'],
    ['PATCH', '/v1/leads/lead_a/events', 'GET, HEAD'],
    ['DELETE', '/v1/imports/imp_a', 'GET, HEAD'],
    ['OPTIONS', '/v1/keys', 'GET, POST, HEAD'],
    ['PROPFIND', '/health', 'GET, HEAD'],
  ];
  for (const [method, path, allow] of known) {
    it(`is answered 405 under a method that is not: ${method} ${path}`, async ({ expect }) => {
      const response = await call(path, { method });
      await expectProblem(expect, response, 405, 'method_not_allowed');
      expect(response.headers.get('Allow')).toBe(allow);
    });
  }

  it('is the same with a slash at the end', async ({ expect }) => {
    const { key } = await makeSecretKey();
    expect((await call('/v1/leads/', { key })).status).toBe(200);
    await expectProblem(expect, await call('/nothing/', { key }), 404, 'not_found');
  });
});

describe('a body', () => {
  it('of 32 KiB is read, and of a byte more refused, announced or not', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const person = JSON.stringify(makePerson());
    const full = person + ' '.repeat(32_768 - new TextEncoder().encode(person).length);
    const send = (body: BodyInit) =>
      call('/v1/leads', { method: 'POST', key, body, headers: json });
    expect((await send(full)).status).toBe(201);
    await expectProblem(expect, await send(`${full} `), 413, 'body_too_large');
    const unannounced = new Blob([full, ' ']).stream();
    await expectProblem(expect, await send(unannounced), 413, 'body_too_large');
  });

  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/jsonp',
    'application/json; charset=latin1',
    'text/json',
  ];
  for (const type of types) {
    it(`of another media type is refused: ${type}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const headers = { 'Content-Type': type };
      const response = await call('/v1/leads', { key, json: makePerson(), headers });
      await expectProblem(expect, response, 415, 'unsupported_media_type');
    });
  }

  it('without a media type, or compressed, is refused', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const body = new TextEncoder().encode(JSON.stringify(makePerson()));
    const untyped = await call('/v1/leads', { key, body });
    await expectProblem(expect, untyped, 415, 'unsupported_media_type');
    const headers = { ...json, 'Content-Encoding': 'gzip' };
    const compressed = await call('/v1/leads', { key, body, headers });
    await expectProblem(expect, compressed, 415, 'unsupported_media_type');
  });

  const unreadable: [name: string, body: BodyInit][] = [
    ['nothing', ''],
    ['half a document', '{"full_name":'],
    ['a form', 'full_name=Ada&email=a'],
    ['what is not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['too many levels', '[[[[[[1]]]]]]'],
    ['brackets without end', '['.repeat(32_000)],
    ['too many values', JSON.stringify(Array.from({ length: 101 }, () => 1))],
  ];
  for (const [name, body] of unreadable) {
    it(`of ${name} is refused as unreadable`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const response = await call('/v1/leads', { method: 'POST', key, body, headers: json });
      await expectProblem(expect, response, 400, 'unreadable_body');
    });
  }
});

describe('the front door', () => {
  it('turns away hosts that are not ours, and logs it without the host', async ({ expect }) => {
    for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1']) {
      const response = await call(`http://${host}/v1/leads`);
      const problem = await expectProblem(expect, response, 421, 'misdirected_request');
      expect(JSON.stringify(problem)).not.toContain(host);
    }
    const lines = loggedOfKind('security');
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).toMatchObject({ event: 'host_refused', reason: 'unknown_host' });
      expect(JSON.stringify(line)).not.toMatch(/evil|10\.0/);
    }
  });

  const staging = {
    ENVIRONMENT: 'staging',
    PUBLIC_URL: 'https://inlet.acme.alt',
    ALLOWED_HOSTS: 'inlet.acme.alt',
    CORS_ALLOWED_ORIGINS: '',
    TURSO_DATABASE_URL: 'libsql://database.acme.alt',
    TURSO_AUTH_TOKEN: 'Zt6pQ1xR8vK3mWy5NcLd',
    UPSTASH_REDIS_REST_URL: 'https://redis.acme.alt',
    UPSTASH_REDIS_REST_TOKEN: 'b2Kf7HsJq9TgUe4VaXo0',
    ...{ TURNSTILE_SECRET_KEY: '', HCAPTCHA_SECRET_KEY: '', RECAPTCHA_SECRET_KEY: '' },
    CAPTCHA_URL: '',
    ...{ MAIL_PROVIDER: 'log', MAIL_FROM: '', RESEND_API_KEY: '', RESEND_URL: '' },
  };

  it('refuses plain http outside development, and does not redirect', async ({ expect }) => {
    const { key } = await makeSecretKey();
    for (const path of ['/v1/leads', '/health/live', '/nothing']) {
      const response = await callWith(staging, `http://inlet.acme.alt${path}`, { key });
      await expectProblem(expect, response, 403, 'insecure_transport');
      expect(response.headers.get('Location')).toBeNull();
    }
    expect(loggedOfKind('security')[0]).toMatchObject({
      event: 'insecure_transport',
      reason: 'plain_http',
      route: '/v1/leads',
    });
  });

  it('lets https in, for its own host', async ({ expect }) => {
    const response = await callWith(staging, 'https://inlet.acme.alt/health/live');
    expect(response.status).toBe(200);
    expectSecurityHeaders(expect, response);
    const other = await callWith(staging, 'https://localhost/health/live');
    await expectProblem(expect, other, 421, 'misdirected_request');
  });
});

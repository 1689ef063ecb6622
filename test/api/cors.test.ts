import { sql } from 'drizzle-orm';
import { describe, it, type ExpectStatic } from 'vitest';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { buildApp, listRoutes } from '../guards/routes.ts';
import { closedPort } from '../support/faults.ts';
import { call, callWith, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { expectProblem } from './answers.ts';
import { runSql } from './data.ts';

/** One of CORS_ALLOWED_ORIGINS in wrangler.toml. */
const configured = 'http://localhost:3000';
const stranger = 'https://stranger.example';

const makeOrigin = () => `https://${randomWord()}.example`;

/** Asks an isolate that knows no origins yet. */
function preflight(
  path: string,
  origin: string,
  { method = 'POST', bindings = {} } = {},
): Promise<Response> {
  const headers = {
    Origin: origin,
    'Access-Control-Request-Method': method,
    'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key',
  };
  return callWith(bindings, path, { method: 'OPTIONS', headers });
}

/** Checks which page may read an answer: the one at this origin, or none. */
function expectReadableBy(
  expect: ExpectStatic,
  { headers }: Response,
  origin: string | null,
): void {
  expect(headers.get('Access-Control-Allow-Origin')).toBe(origin);
  expect(headers.get('Access-Control-Allow-Credentials')).toBeNull();
}

function nameOrigin(formId: string, named: string) {
  return runSql(sql`UPDATE forms SET allowed_origins = json_array(${named}) WHERE id = ${formId}`);
}

describe('a preflight', () => {
  it('is granted to a configured origin, for what a form needs', async ({ expect }) => {
    for (const path of ['/v1/leads', '/v1/leads/', '/v1/subscribers']) {
      const response = await preflight(path, configured);
      expect(response.status).toBe(204);
      expectReadableBy(expect, response, configured);
      expect(response.headers.get('Access-Control-Allow-Methods')).toBe('POST');
      const allowed = response.headers.get('Access-Control-Allow-Headers') ?? '';
      expect(allowed.toLowerCase().split(', ')).toEqual(
        expect.arrayContaining(['authorization', 'content-type', 'idempotency-key', 'x-api-key']),
      );
      expect(response.headers.get('Access-Control-Max-Age')).toBe('7200');
      expect(response.headers.get('Vary')).toBe('Origin');
    }
  });

  it('is granted to the origin of a live key, and to no other', async ({ expect }) => {
    const own = makeOrigin();
    await makeForm({ origins: [makeOrigin(), own] });
    expectReadableBy(expect, await preflight('/v1/leads', own), own);
    for (const origin of [stranger, own.replace('https', 'http'), `${own}:8443`, 'null', '%']) {
      const response = await preflight('/v1/leads', origin);
      expectReadableBy(expect, response, null);
      expect(response.headers.get('Access-Control-Allow-Methods')).toBeNull();
      expect(response.headers.get('Vary')).toBe('Origin');
    }
  });

  it('is granted to the pages of a form whose live key names none itself', async ({ expect }) => {
    const [own, ofForm, ofNobody] = [makeOrigin(), makeOrigin(), makeOrigin()];
    const { id, formId } = await makeForm();
    await nameOrigin(formId, ofForm);
    expectReadableBy(expect, await preflight('/v1/leads', ofForm), ofForm);
    const bound = await makeForm({ origins: [own] });
    await nameOrigin(bound.formId, ofNobody);
    expectReadableBy(expect, await preflight('/v1/leads', own), own);
    expectReadableBy(expect, await preflight('/v1/leads', ofNobody), null);
    await revokeKey(operator, id, { actor: 'test', requestId: null });
    expectReadableBy(expect, await preflight('/v1/leads', ofForm), null);
  });

  it('is not granted to the origin of a key that is revoked or has expired', async ({ expect }) => {
    const [revoked, expired] = [makeOrigin(), makeOrigin()];
    const { id } = await makeForm({ origins: [revoked] });
    await revokeKey(operator, id, { actor: 'test', requestId: null });
    const other = await makeForm({ origins: [expired] });
    await runSql(sql`UPDATE api_keys SET expires_at = 5 WHERE id = ${other.id}`);
    expectReadableBy(expect, await preflight('/v1/leads', revoked), null);
    expectReadableBy(expect, await preflight('/v1/leads', expired), null);
  });

  it('is answered 503 while nobody can tell, but for a configured origin', async ({ expect }) => {
    const bindings = { TURSO_DATABASE_URL: closedPort };
    const response = await preflight('/v1/leads', stranger, { bindings });
    expect(response.headers.get('Retry-After')).toBe('5');
    await expectProblem(expect, response, 503, 'unavailable');
    expectReadableBy(expect, response, null);
    const granted = await preflight('/v1/leads', configured, { bindings });
    expect(granted.status).toBe(204);
    expectReadableBy(expect, granted, configured);
  });
});

// The public door has rules of its own.
const routes = listRoutes(buildApp()).filter(({ path }) => /^\/(v1|health|\.well)/.test(path));
for (const { method, path, access } of routes) {
  const forPages = access?.publishable === true;
  it(`${method} ${path} is ${forPages ? '' : 'not '}for pages`, async ({ expect }) => {
    const expected = forPages ? configured : null;
    expectReadableBy(expect, await preflight(path, configured, { method }), expected);
    const response = await call(path, { method, headers: { Origin: configured } });
    expectReadableBy(expect, response, expected);
  });
}

describe('an answer', () => {
  it('can be read by the page at the key’s own origin, refusals too', async ({ expect }) => {
    const own = makeOrigin();
    const { key } = await makeForm({ origins: [own], rate_limit: '3/1d' });
    const headers = { Origin: own };
    const send = (json: unknown) => call('/v1/leads', { key, json, headers });

    const created = await send(makePerson());
    expect(created.status).toBe(201);
    expectReadableBy(expect, created, own);
    const exposed = created.headers.get('Access-Control-Expose-Headers')?.split(', ');
    expect(exposed).toEqual(expect.arrayContaining(['Location', 'RateLimit', 'Retry-After']));
    expect(created.headers.get('Vary')).toBe('Origin');

    const refusals = [
      [422, await send({}), 'validation_failed'],
      [415, await call('/v1/leads', { method: 'POST', key, headers }), 'unsupported_media_type'],
      [429, await send(makePerson()), 'rate_limited'],
    ] as const;
    for (const [status, response, code] of refusals) {
      await expectProblem(expect, response, status, code);
      expectReadableBy(expect, response, own);
    }
  });

  it('can be read by the page of the form that the key is bound to', async ({ expect }) => {
    const own = makeOrigin();
    const { formId, key } = await makeForm();
    await runSql(sql`UPDATE forms SET allowed_origins = json_array(${own}) WHERE id = ${formId}`);
    const created = await call('/v1/leads', { key, json: makePerson(), headers: { Origin: own } });
    expect(created.status).toBe(201);
    expectReadableBy(expect, created, own);
    const refused = await call('/v1/leads', { key, json: {}, headers: { Origin: stranger } });
    await expectProblem(expect, refused, 403, 'origin_not_allowed');
    expectReadableBy(expect, refused, null);
  });

  it('can be read by that page when the form is switched off', async ({ expect }) => {
    const own = makeOrigin();
    const { formId, key } = await makeForm({ origins: [own] });
    await runSql(sql`UPDATE forms SET active = 0 WHERE id = ${formId}`);
    const response = await call('/v1/leads', { key, json: {}, headers: { Origin: own } });
    await expectProblem(expect, response, 403, 'form_inactive');
    expectReadableBy(expect, response, own);
  });

  it('can be read by that page when its key is revoked or has expired', async ({ expect }) => {
    const own = makeOrigin();
    const { id, key } = await makeForm({ origins: [own] });
    const send = (origin: string) =>
      callWith({}, '/v1/leads', { key, json: {}, headers: { Origin: origin } });
    await runSql(sql`UPDATE api_keys SET expires_at = 5 WHERE id = ${id}`);
    const expired = await send(own);
    await expectProblem(expect, expired, 401, 'expired_key');
    expectReadableBy(expect, expired, own);

    await revokeKey(operator, id, { actor: 'test', requestId: null });
    const revoked = await send(own);
    await expectProblem(expect, revoked, 401, 'revoked_key');
    expectReadableBy(expect, revoked, own);
    expectReadableBy(expect, await send(stranger), null);
  });

  it('cannot be read by a page at another origin', async ({ expect }) => {
    const { key } = await makeForm({ origins: [makeOrigin()] });
    const headers = { Origin: stranger };
    const refused = await call('/v1/leads', { key, json: makePerson(), headers });
    await expectProblem(expect, refused, 403, 'origin_not_allowed');
    expectReadableBy(expect, refused, null);
    const unbound = await makeForm();
    const taken = await call('/v1/leads', { key: unbound.key, json: makePerson(), headers });
    expectReadableBy(expect, taken, null);
  });

  it('can be read by a page at a configured origin, without a key even', async ({ expect }) => {
    const response = await call('/v1/leads', { json: {}, headers: { Origin: configured } });
    await expectProblem(expect, response, 401, 'missing_key');
    expectReadableBy(expect, response, configured);
  });

  it('to no page carries nothing about pages', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const response = await call('/v1/leads', { key, json: makePerson() });
    expectReadableBy(expect, response, null);
    expect(response.headers.get('Access-Control-Expose-Headers')).toBeNull();
  });
});

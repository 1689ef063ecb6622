import { describe, it, type ExpectStatic } from 'vitest';
import { closedPort } from '../support/faults.ts';
import { call, callWith, makeBareForm, randomIp, type Call } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { expectSecurityHeaders } from './answers.ts';

type Refused = {
  status: number;
  code: string;
  message: string;
  title: string;
  errors: { field?: string; code: string; message: string }[];
};

const asScript = { Accept: 'application/json', Origin: 'https://shop.example' };
const asBrowser = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' };

/** Checks a refusal as a whole: what form libraries read, RFC 9457, CORS, and a page for people. */
async function expectRefused(
  expect: ExpectStatic,
  ask: (headers: Record<string, string>) => Promise<Response>,
  [status, code]: [number, string],
): Promise<Refused> {
  const response = await ask(asScript);
  const body = await response.json<Refused>();
  expect({ status: response.status, code: body.code }).toEqual({ status, code });
  expect(response.headers.get('Content-Type')).toBe('application/json');
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe(asScript.Origin);
  expectSecurityHeaders(expect, response);
  const requestId = response.headers.get('X-Request-Id');
  expect(body).toEqual({
    ...{ ok: false, success: false, code, status },
    ...{ error: body.message, message: expect.stringMatching(/\S/) },
    type: expect.stringMatching(/^about:blank$|^https:\/\//),
    title: expect.stringMatching(/\S/),
    detail: expect.stringMatching(/\S/),
    instance: `urn:request:${requestId}`,
    request_id: requestId,
    errors: expect.any(Array),
  });
  expect(body.errors.length).toBeGreaterThan(0);
  for (const error of body.errors) {
    expect(error.code).toMatch(/^[A-Z_]+$/);
    expect(error.message).toMatch(/\S/);
  }
  const page = await ask(asBrowser);
  expect(page.status).toBe(status);
  expect(page.headers.get('Content-Type')).toMatch(/^text\/html/);
  expect(page.headers.get('Retry-After')).toBe(response.headers.get('Retry-After'));
  expect(await page.text()).toContain('<div role="alert">');
  expect(page.headers.get('Content-Security-Policy')).toMatch(
    /^default-src 'none'; style-src 'nonce-/,
  );
  expect(page.headers.get('Cache-Control')).toBe('no-store');
  return body;
}

const codes = ({ errors }: Refused) =>
  Object.fromEntries(errors.map((one) => [one.field, one.code]));

const post = (path: string, options: Call) => (headers: Record<string, string>) =>
  call(path, { ...options, headers: { ...options.headers, ...headers } });

function entry(): URLSearchParams {
  const { full_name, email } = makePerson();
  return new URLSearchParams({ name: full_name, email });
}

function askWithoutDatabase(headers: Record<string, string>): Promise<Response> {
  const options = { body: entry(), headers };
  return callWith({ TURSO_DATABASE_URL: closedPort }, '/f/form_of_a_lost_database', options);
}

describe('a refusal', () => {
  it('is FORM_NOT_FOUND at an unknown address, whatever the method', async ({ expect }) => {
    for (const path of [
      '/f/there_is_no_such_form',
      '/f/x',
      '/s/there_is_no_such_form',
      '/submit',
    ]) {
      const { errors } = await expectRefused(expect, post(path, { body: entry() }), [
        404,
        'FORM_NOT_FOUND',
      ]);
      // Formspree's libraries take an error without a field for one of the form.
      expect(errors).toEqual([{ code: 'FORM_NOT_FOUND', message: expect.any(String) }]);
    }
    const get = post('/f/there_is_no_such_form', {});
    await expectRefused(expect, get, [404, 'FORM_NOT_FOUND']);
    await expectRefused(expect, post('/f/a/b/c', {}), [404, 'FORM_NOT_FOUND']);
    await expectRefused(expect, post('/p/a', { body: entry() }), [404, 'FORM_NOT_FOUND']);
  });

  it('is INACTIVE where a form is switched off', async ({ expect }) => {
    const id = await makeBareForm({ active: false });
    await expectRefused(expect, post(`/f/${id}`, { body: entry() }), [403, 'INACTIVE']);
  });

  it('is BLOCKED for a page that is not of the form', async ({ expect }) => {
    const id = await makeBareForm({ allowed_origins: ['https://other.example'] });
    await expectRefused(expect, post(`/f/${id}`, { body: entry() }), [403, 'BLOCKED']);
  });

  it('says that a form has to be posted', async ({ expect }) => {
    const id = await makeBareForm();
    for (const [method, path] of [
      ['GET', `/f/${id}`],
      ['PUT', `/f/${id}`],
      ['GET', `/p/any/f/${id}`],
      ['GET', `/s/${id}`],
      ['GET', '/submit'],
    ] as const) {
      const ask = post(path, { method });
      await expectRefused(expect, ask, [405, 'METHOD_NOT_ALLOWED']);
      expect((await ask(asBrowser)).headers.get('Allow')).toBe('POST');
    }
    const page = await call(`/f/${id}`, { headers: asBrowser });
    expect(await page.text()).toContain('method=&quot;POST&quot;');
  });

  it('names what cannot be read', async ({ expect }) => {
    const path = `/f/${await makeBareForm()}`;
    const typed = (type: string, body: string) =>
      post(path, { body, headers: { 'Content-Type': type } });
    await expectRefused(expect, typed('text/plain', 'a=b'), [415, 'UNSUPPORTED_MEDIA_TYPE']);
    await expectRefused(expect, typed('application/json', '{'), [400, 'UNREADABLE_BODY']);
    const large = new URLSearchParams({ message: 'a'.repeat(40_000) });
    await expectRefused(expect, post(path, { body: large }), [413, 'BODY_TOO_LARGE']);
  });

  it('is EMPTY for an entry that says nothing', async ({ expect }) => {
    const path = `/f/${await makeBareForm()}`;
    await expectRefused(expect, post(path, { json: {} }), [422, 'EMPTY']);
    const blank = new URLSearchParams({ name: '', email: ' ', 'tags[]': '', _next: '/thanks' });
    await expectRefused(expect, post(path, { body: blank }), [422, 'EMPTY']);
  });

  it('names inputs as the form does, with codes that Formspree has', async ({ expect }) => {
    const path = `/f/${await makeBareForm()}`;
    const ask = (fields: Record<string, string>) =>
      expectRefused(expect, post(path, { body: new URLSearchParams(fields) }), [
        422,
        'VALIDATION_ERROR',
      ]);
    expect(codes(await ask({ message: 'Hello' }))).toEqual({ email: 'REQUIRED_FIELD_MISSING' });
    expect(codes(await ask({ phone: '+49 30 1234567' }))).toEqual({
      full_name: 'REQUIRED_FIELD_MISSING',
    });
    expect(codes(await ask({ yourName: ' ', mail: '', message: 'Hello' }))).toEqual({
      yourName: 'REQUIRED_FIELD_EMPTY',
      mail: 'REQUIRED_FIELD_EMPTY',
    });
    expect(codes(await ask({ name: '1234', email: 'nope' }))).toEqual({
      name: 'TYPE_TEXT',
      email: 'TYPE_EMAIL',
    });
    const { message, errors } = await ask({ 'person[name]': 'Nobody', 'person[email]': 'nope' });
    expect(errors).toEqual([
      {
        field: 'person[email]',
        code: 'TYPE_EMAIL',
        message: 'Please enter an email address such as name@example.com.',
      },
    ]);
    expect(message).toBe('Please enter an email address such as name@example.com.');
  });

  it('is RATE_LIMITED with Retry-After', async ({ expect }) => {
    const path = `/f/${await makeBareForm({ rate_limit: '1/1h' })}`;
    const ip = randomIp();
    expect((await call(path, { ip, body: entry() })).status).toBe(303);
    await expectRefused(expect, post(path, { ip, body: entry() }), [429, 'RATE_LIMITED']);
    const refused = await call(path, { ip, body: entry() });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(refused.headers.get('RateLimit')).toContain('"intake";r=0');
  });

  it('is UNAVAILABLE while the database is away', async ({ expect }) => {
    await expectRefused(expect, askWithoutDatabase, [503, 'UNAVAILABLE']);
    expect((await askWithoutDatabase(asScript)).headers.get('Retry-After')).toBe('5');
    expect(loggedOfKind('fault').length).toBeGreaterThan(0);
  });

  it('is a problem document for those who ask for one', async ({ expect }) => {
    const Accept = 'application/problem+json';
    const response = await call('/f/there_is_no_such_form', { body: entry(), headers: { Accept } });
    expect(response.headers.get('Content-Type')).toBe(Accept);
    expect(await response.json()).toMatchObject({ status: 404, code: 'FORM_NOT_FOUND' });
  });

  it('goes to the error page of the site, with the code alone', async ({ expect }) => {
    const Referer = 'https://shop.example/contact';
    const bound = { allowed_origins: ['https://shop.example'] };
    const sorry = 'https://shop.example/sorry';
    const plain = await makeBareForm(bound);
    const configured = await makeBareForm({ ...bound, error_url: `${sorry}?a=1` });
    const refuse = async (id: string, more: Record<string, string>) => {
      const body = new URLSearchParams({ email: 'nope@', ...more });
      const response = await call(`/f/${id}`, { body, headers: { ...asBrowser, Referer } });
      return [response.status, response.headers.get('Location')];
    };
    const told = '?error=VALIDATION_ERROR';
    expect(await refuse(plain, {})).toEqual([422, null]);
    expect(await refuse(plain, { _error: '/oops' })).toEqual([
      303,
      `https://shop.example/oops${told}`,
    ]);
    expect(await refuse(plain, { _error: 'https://evil.example/' })).toEqual([422, null]);
    expect(await refuse(configured, {})).toEqual([303, `${sorry}?a=1&error=VALIDATION_ERROR`]);
    const elsewhere = { _error: 'https://evil.example/' };
    expect(await refuse(configured, elsewhere)).toEqual([
      303,
      `${sorry}?a=1&error=VALIDATION_ERROR`,
    ]);
  });
});

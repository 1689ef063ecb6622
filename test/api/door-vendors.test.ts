import { createClient, isSubmissionError } from '@formspree/core';
import useWeb3Forms from '@web3forms/react';
import { Forminit } from 'forminit';
import { exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { call, origin, randomIp } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { asUrlencoded } from '../support/form-bodies.ts';
import { makeBusyForm, readKept, sendForm, type DoorAnswer } from './door.ts';

const page = 'https://shop.example';

/** Vendors' hosts that this file turns to ours. */
const vendorHosts = new Set([
  'https://formspree.io',
  'https://api.web3forms.com',
  'https://forminit.com',
]);

/** What the service answered, for ids that a client keeps to itself. */
let lastAnswer: DoorAnswer;

// Everything of a request stays as the client made it, but for the host, and what a browser or the platform adds.
// The Worker's own calls, of the same isolate, go where they go.
beforeEach(() => {
  const elsewhere = globalThis.fetch;
  vi.stubGlobal('fetch', async (target: RequestInfo, init?: RequestInit) => {
    const { origin: host, pathname } = new URL(target instanceof Request ? target.url : target);
    if (!vendorHosts.has(host)) return elsewhere(target, init);
    const request = new Request(`${origin}${pathname}`, init);
    request.headers.set('CF-Connecting-IP', randomIp());
    request.headers.set('Origin', page);
    const response = await exports.default.fetch(request);
    lastAnswer = await response.clone().json<DoorAnswer>();
    return response;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

describe('@formspree/core', () => {
  it.for(['FormData', 'JSON'])('reports success with %s', async (kind, { expect }) => {
    const form = await makeBusyForm({ allowed_origins: [page] });
    const { full_name: name, email, notes: message } = makePerson();
    const fields = { name, email, message, _next: '/thanks' };
    const result = await createClient().submitForm(
      form,
      kind === 'JSON' ? { ...fields } : formOf(fields),
    );
    expect(result).toMatchObject({ kind: 'success', next: `${page}/thanks` });
    const { lead, payload } = await readKept(lastAnswer.id);
    expect(lead).toMatchObject({ full_name: name, email, notes: message, form_id: form });
    expect(payload).toEqual({ name, email, message });
  });

  it('reports success for a form of a project', async ({ expect }) => {
    const form = await makeBusyForm();
    const { email } = makePerson();
    const client = createClient({ project: '1234' });
    expect(await client.submitForm(form, { email })).toMatchObject({
      kind: 'success',
      next: expect.stringContaining(form),
    });
  });

  it('reports which inputs are wrong, by the names that the form has for them', async ({
    expect,
  }) => {
    const form = await makeBusyForm();
    const result = await createClient().submitForm(form, formOf({ Name: '', 'E-Mail': 'nobody' }));
    if (!isSubmissionError(result)) throw new Error('it was taken');
    expect(result.getFormErrors()).toEqual([]);
    expect(result.getFieldErrors('E-Mail')).toEqual([
      { code: 'TYPE_EMAIL', message: expect.stringMatching(/email/i) },
    ]);
    expect(result.getFieldErrors('Name')).toEqual([
      { code: 'REQUIRED_FIELD_EMPTY', message: expect.stringMatching(/name/i) },
    ]);
  });

  it.for([
    ['FORM_NOT_FOUND', () => Promise.resolve('form_none_such')],
    ['INACTIVE', () => makeBusyForm({ active: false })],
    ['BLOCKED', () => makeBusyForm({ allowed_origins: ['https://other.example'] })],
  ] as const)('reports %s in words', async ([code, make], { expect }) => {
    const { email } = makePerson();
    const result = await createClient().submitForm(await make(), formOf({ email }));
    if (!isSubmissionError(result)) throw new Error('it was taken');
    expect(result.getFormErrors()).toEqual([{ code, message: expect.stringMatching(/\S/) }]);
  });
});

describe('@web3forms/react', () => {
  it('reports success', async ({ expect }) => {
    const form = await makeBusyForm();
    const { full_name: name, email, notes: message } = makePerson();
    const onSuccess = vi.fn<(message: string, data: unknown) => void>();
    const onError = vi.fn<(message: string, data: unknown) => void>();
    const settings = { from_name: 'Shop', subject: 'New message' };
    const { submit } = useWeb3Forms({ access_key: form, settings, onSuccess, onError });
    await submit({ name, email, message, botcheck: '' });
    expect(onError).not.toHaveBeenCalled();
    expect(onSuccess.mock.calls).toEqual([
      [expect.stringMatching(/\S/), expect.objectContaining({ success: true, id: lastAnswer.id })],
    ]);
    const { lead, payload } = await readKept(lastAnswer.id);
    expect(lead).toMatchObject({ full_name: name, email, form_id: form });
    expect(payload).toEqual({ name, email, message, subject: 'New message' });
  });

  it.for([
    ['a field that is wrong', true, { email: 'nobody' }],
    ['a key that is none', false, { email: 'ada@example.org' }],
  ] as const)('reports %s', async ([, exists, fields], { expect }) => {
    const form = exists ? await makeBusyForm() : 'form_none_such';
    const onSuccess = vi.fn<(message: string, data: unknown) => void>();
    const onError = vi.fn<(message: string, data: unknown) => void>();
    await useWeb3Forms({ access_key: form, settings: {}, onSuccess, onError }).submit(fields);
    expect(onSuccess).not.toHaveBeenCalled();
    expect(onError.mock.calls).toEqual([
      [expect.stringMatching(/\S/), expect.objectContaining({ success: false })],
    ]);
  });
});

/** In a browser, forminit wants no key. */
const onServer = { apiKey: 'fi_a_key_of_the_site' };

describe('forminit, on a server', () => {
  it('reports success of FormData', async ({ expect }) => {
    const form = await makeBusyForm();
    const { full_name, email, notes } = makePerson();
    const { data, error } = await new Forminit(onServer).submit(
      form,
      formOf({
        'fi-sender-firstName': full_name,
        'fi-sender-lastName': 'Lovelace',
        'fi-sender-email': email,
        'fi-text-message': notes,
        'fi-tracking-utmSource': 'news',
      }),
    );
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ hashId: lastAnswer.id, date: expect.stringMatching(/^20/) });
    expect((await readKept(lastAnswer.id)).lead).toMatchObject({
      full_name: `${full_name} Lovelace`,
      email,
      notes,
      source: 'news',
    });
  });

  it('reports success of blocks', async ({ expect }) => {
    const form = await makeBusyForm();
    const { full_name: fullName, email, notes: value } = makePerson();
    const { data, error } = await new Forminit(onServer).submit(form, {
      blocks: [
        { type: 'sender', properties: { fullName, email, company: 'Engines' } },
        { type: 'text', name: 'message', value },
        { type: 'tracking', properties: { utmSource: 'news', gclid: 'x' } },
      ],
    });
    expect(error).toBeUndefined();
    expect(data?.hashId).toBe(lastAnswer.id);
    expect((await readKept(lastAnswer.id)).lead).toMatchObject({
      full_name: fullName,
      email,
      company_name: 'Engines',
      notes: value,
      attribution: JSON.stringify({ utm_source: 'news', gclid: 'x' }),
    });
  });

  it('reports what is wrong in words', async ({ expect }) => {
    const form = await makeBusyForm();
    const wrong = formOf({ 'fi-sender-fullName': 'Ada', 'fi-sender-email': 'nobody' });
    const { data, error } = await new Forminit(onServer).submit(form, wrong);
    expect(data).toBeUndefined();
    expect(error).toMatchObject({
      success: false,
      code: 'VALIDATION_ERROR',
      message: expect.stringMatching(/email/i),
      errors: [{ field: 'fi-sender-email', code: 'TYPE_EMAIL' }],
    });
  });
});

describe('a form as the documents of a service show it', () => {
  /** What a browser sends when a form is submitted without script. */
  const navigation = {
    Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Sec-Fetch-Mode': 'navigate',
    Origin: page,
  };

  it.for([
    ['Formspree', '/f/{id}', { Email: '{email}', Message: '{notes}', _gotcha: '' }],
    ['old Formspree', '/f/{id}', { name: '{name}', _replyto: '{email}', _subject: 'New!' }],
    ['Basin', '/f/{id}', { first_name: '{name}', last_name: 'L', email: '{email}' }],
    ['Formspark', '/f/{id}', { email: '{email}', '_feedback.success.title': 'Thanks' }],
    ['Formcarry', '/s/{id}', { fullName: '{name}', email: '{email}', message: '{notes}' }],
    ['Netlify', '/f/{id}', { 'form-name': 'contact', 'bot-field': '', email: '{email}' }],
    ['Web3Forms', '/submit', { access_key: '{id}', name: '{name}', email: '{email}' }],
    ['FormSubmit', '/f/{id}', { email: '{email}', _captcha: 'false', _template: 'table' }],
    [
      'Salesforce',
      '/f/{id}',
      {
        ...{ oid: '00D0', lead_source: 'Web', first_name: '{name}', last_name: 'L' },
        ...{ email: '{email}', company: 'Engines', title: 'Countess', debug: '0' },
      },
    ],
  ] as const)('%s lands on the thank-you page', async ([, path, fields], { expect }) => {
    const form = await makeBusyForm();
    const { full_name, email, notes } = makePerson();
    const values: Record<string, string> = { id: form, name: full_name, email, notes };
    const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
    const entries = Object.entries(fields).map(([name, value]): [string, string] => [
      name,
      fill(value),
    ]);
    const { body, headers } = asUrlencoded(entries);
    const response = await call(fill(path), {
      body,
      headers: { ...headers, ...navigation },
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('Location')).toContain(`/f/${form}/thanks`);
    const { answer } = await sendForm(fill(path), { body, headers });
    const { lead, payload } = await readKept(answer.id);
    expect(lead).toMatchObject({ email, form_id: form });
    expect(Object.keys(payload).filter((name) => /^_(?!replyto)|^form-name$/.test(name))).toEqual(
      [],
    );
  });

  it.for([
    ['Formspree', '_next'],
    ['Formspark', '_redirect'],
    ['Web3Forms', 'redirect'],
    ['Salesforce', 'retURL'],
  ] as const)('%s goes where %s says', async ([, field], { expect }) => {
    const form = await makeBusyForm();
    const { email } = makePerson();
    const { body, headers } = asUrlencoded([
      ['email', email],
      [field, `${page}/thanks`],
    ]);
    const response = await call(`/f/${form}`, { body, headers: { ...headers, ...navigation } });
    expect(response.status).toBe(303);
    expect(response.headers.get('Location')).toBe(`${page}/thanks`);
  });

  it('is answered JSON at an address in .json, as scripts of Basin send it', async ({ expect }) => {
    const form = await makeBusyForm();
    const { body, headers } = asUrlencoded([['email', makePerson().email]]);
    const response = await call(`/f/${form}.json`, { body, headers });
    expect(await response.json()).toMatchObject({ success: true });
  });

  it('reads code 200 in the answer, as Formcarry says it', async ({ expect }) => {
    const form = await makeBusyForm();
    const { answer } = await sendForm(`/s/${form}`, { json: { email: makePerson().email } });
    expect(answer).toMatchObject({ code: 200, status: 'success', title: expect.any(String) });
  });
});

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { textColorOn } from '../../src/pages/style.ts';
import { call, makeBareForm, origin } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { inputsOf, readPage } from '../support/read-page.ts';

const shop = 'https://shop.example';
const asBrowser = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' };

/** Posts as a browser does that leaves the page of a site. */
function post(
  id: string,
  fields: Iterable<[string, string]>,
  headers: Record<string, string> = {},
) {
  const sent = { ...asBrowser, Origin: shop, Referer: `${shop}/contact`, ...headers };
  return call(`/f/${id}`, { body: new URLSearchParams([...fields]), headers: sent });
}

const entry = (more: Record<string, string> = {}): [string, string][] => {
  const { full_name, email } = makePerson();
  return Object.entries({ name: full_name, email, ...more });
};

describe('an entry that was taken', () => {
  it('tells a script all that form libraries look for', async ({ expect }) => {
    const id = await makeBareForm();
    const { full_name: name, email } = makePerson();
    const response = await call(`/f/${id}`, { json: { name, email } });
    const body = await response.json<{ id: string; next: string }>();
    expect(response.status).toBe(200);
    expect(body).toEqual({
      ...{ ok: true, success: true, status: 'success', code: 200 },
      ...{ title: 'Thank you!', message: 'Your message has arrived.' },
      next: expect.stringMatching(new RegExp(`^http://.+/f/${id}/thanks$`)),
      id: expect.stringMatching(/^sub_/),
      submission: { hashId: body.id, date: expect.stringMatching(/^\d{4}-.+Z$/) },
    });
  });

  it('leads where the form wishes and may, else where it is set to, else to our page', async ({
    expect,
  }) => {
    const bound = await makeBareForm({ allowed_origins: [shop] });
    const set = await makeBareForm({ redirect_url: `${shop}/set` });
    const go = async (id: string, more: Record<string, string>) => {
      const response = await post(id, entry(more));
      expect(response.status).toBe(303);
      return response.headers.get('Location');
    };
    for (const name of ['_next', '_redirect', 'redirect', 'redirectTo', 'retURL']) {
      expect(await go(bound, { [name]: '/wished' })).toBe(`${shop}/wished`);
    }
    expect(await go(bound, { _next: 'https://evil.example/' })).toMatch(/\/f\/form_\w+\/thanks$/);
    expect(await go(bound, {})).toMatch(/\/f\/form_\w+\/thanks$/);
    expect(await go(bound, { _language: 'de-CH' })).toMatch(/\/thanks\?lang=de$/);
    expect(await go(set, { _next: `${shop}/wished` })).toBe(`${shop}/wished`);
    expect(await go(set, { _next: 'javascript:alert(1)' })).toBe(`${shop}/set`);
    expect(await go(set, {})).toBe(`${shop}/set`);
  });

  it('may name its form in the body, in a header or in the addresses of other services', async ({
    expect,
  }) => {
    const id = await makeBareForm();
    const headers = { Accept: 'application/json' };
    for (const name of ['access_key', 'accessKey', 'apikey', 'apiKey', 'form-name']) {
      const json = { ...Object.fromEntries(entry()), [name]: id };
      expect((await call('/submit', { headers, json })).status).toBe(200);
    }
    for (const name of ['access_key', 'accessKey', 'apikey']) {
      const json = Object.fromEntries(entry());
      expect((await call('/submit', { headers: { ...headers, [name]: id }, json })).status).toBe(
        200,
      );
    }
    for (const path of [
      `/submit/${id}`,
      `/s/${id}`,
      `/p/any/f/${id}`,
      `/f/${id}/`,
      `/f/${id}.json`,
    ]) {
      const response = await call(path, { headers, json: Object.fromEntries(entry()) });
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
    }
  });
});

describe('the thank-you page', () => {
  it('stands in the name and colour of the site, and leads back to it', async ({ expect }) => {
    const id = await makeBareForm({
      ...{ name: 'Internal', site_name: 'Tom & "Jerry" <Ltd>', color: '#ffd166' },
      allowed_origins: [shop],
    });
    const headers = { Accept: 'text/html', Referer: `${shop}/contact` };
    const response = await call(`/f/${id}/thanks`, { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Security-Policy')).toContain("form-action 'none'");
    const html = await response.clone().text();
    expect(html).toContain('--accent:#ffd166;--on:#000');
    const { elements, text } = await readPage(response);
    expect(text).toContain('Thank you! – Tom & "Jerry" <Ltd>');
    expect(text).not.toContain('Internal');
    const links = elements
      .filter(({ tag }) => tag === 'a')
      .map(({ attributes }) => attributes['href']);
    expect(links).toEqual([`${shop}/contact`]);
    expect(elements.map(({ tag }) => tag)).not.toContain('script');
  });

  it('leads nowhere that is not the site of the form', async ({ expect }) => {
    const id = await makeBareForm({ allowed_origins: [shop] });
    const headers = { Referer: 'https://evil.example/' };
    const { elements } = await readPage(await call(`/f/${id}/thanks`, { headers }));
    const links = elements
      .filter(({ tag }) => tag === 'a')
      .map(({ attributes }) => attributes['href']);
    expect(links).toEqual([shop]);
  });

  it('is known to the page before it by its site alone', async ({ expect }) => {
    const response = await post(await makeBareForm(), entry());
    expect(response.headers.get('Referrer-Policy')).toBe('strict-origin-when-cross-origin');
  });

  it.for([
    ['de', 'Vielen Dank!'],
    ['de-AT,de;q=0.9,en;q=0.8', 'Vielen Dank!'],
    ['en;q=0.5, fr;q=0.9', 'Merci\u00a0!'],
    ['ja, es-MX;q=0.3', '¡Gracias!'],
    ['nl', 'Bedankt!'],
    ['pt-BR', 'Obrigado!'],
    ['it-IT', 'Grazie!'],
    ['de;q=0, en-GB', 'Thank you!'],
    ['ja', 'Thank you!'],
    ['*;q=x, ;;,', 'Thank you!'],
  ])('speaks the language of %s', async ([accepted = '', thanks = ''], { expect }) => {
    const id = await makeBareForm();
    const page = await call(`/f/${id}/thanks`, { headers: { 'Accept-Language': accepted } });
    const { elements, text } = await readPage(page);
    expect(text).toContain(thanks);
    const language = page.headers.get('Content-Language');
    expect(elements[0]).toEqual({ tag: 'html', attributes: { lang: language } });
  });

  it('speaks the language that the form names, before that of the browser', async ({ expect }) => {
    const id = await makeBareForm();
    const headers = { 'Accept-Language': 'fr' };
    const page = await call(`/f/${id}/thanks?lang=nl`, { headers });
    expect((await readPage(page)).text).toContain('Bedankt!');
    const refused = await post(id, Object.entries({ email: 'x', _language: 'it' }), headers);
    expect((await readPage(refused)).text).toContain('Controlla i tuoi dati');
    const json = { email: 'nope', name: 'Nobody', _language: 'es' };
    const script = await call(`/f/${id}`, { json, headers });
    expect(await script.json()).toMatchObject({ title: 'Revisa tus datos' });
  });
});

describe('the error page', () => {
  const typed: [string, string][] = [
    ['name', 'Ada'],
    ['email', 'nope'],
    ['your_budget[]', '1 & 2'],
    ['your_budget[]', '"3"'],
    ['address[city]', 'Kraków'],
    ['message', 'Two\r\nlines'],
    ['_next', '/wished'],
    ['_language', 'en'],
    ['cf-turnstile-response', 'spent'],
    ['_webhook', 'https://evil.example/'],
  ];

  it('asks for what is wrong and keeps the rest', async ({ expect }) => {
    const id = await makeBareForm({ allowed_origins: [shop] });
    const response = await post(id, typed);
    expect(response.status).toBe(422);
    expect(response.headers.get('Content-Security-Policy')).toContain(
      `form-action 'self' ${shop};`,
    );
    const page = await readPage(response);
    expect(page.text).toContain('Email – Please enter an email address');
    const shown = page.elements.filter(
      ({ tag, attributes }) => tag === 'input' && attributes['type'] !== 'hidden',
    );
    expect(shown.map(({ attributes }) => attributes)).toEqual([
      {
        ...{ id: 'input-0', name: 'email', type: 'email', autocomplete: 'email', value: 'nope' },
        ...{ 'aria-invalid': 'true', 'aria-describedby': 'mistake-0' },
      },
    ]);
    expect(page.elements).toContainEqual({ tag: 'label', attributes: { for: 'input-0' } });
    expect(page.elements).toContainEqual({ tag: 'a', attributes: { href: '#input-0' } });
    const asKept = typed.slice(0, 8).map(([name, value]) => [name, value.replace('\r', '')]);
    const kept = new Set([...asKept, ['_inlet_page', shop]]);
    expect(new Set(inputsOf(page))).toEqual(kept);
  });

  it('sends a mended entry that is taken as that of the site', async ({ expect }) => {
    const ours = { Origin: origin, Referer: `${origin}/f/x` };
    for (const form of [{ allowed_origins: [shop] }, {}]) {
      const id = await makeBareForm(form);
      const page = await readPage(await post(id, typed));
      const action = page.elements.find(({ tag }) => tag === 'form')?.attributes['action'];
      expect(action).toBe(`/f/${id}`);
      // Mended wrongly at first: what is kept survives that, too.
      const again = await readPage(await post(id, inputsOf(page), ours));
      const { email } = makePerson();
      const mended = inputsOf(again).map(([name, value]): [string, string] => [
        name,
        name === 'email' ? email : value,
      ]);
      const response = await post(id, mended, ours);
      expect(response.status).toBe(303);
      expect(response.headers.get('Location')).toBe(`${shop}/wished`);
    }
  });

  it('believes nobody but our own page where an entry came from', async ({ expect }) => {
    const id = await makeBareForm();
    const forged = entry({ _inlet_page: shop, _next: `${shop}/wished` });
    const response = await post(id, forged, { Origin: 'https://evil.example' });
    expect(response.headers.get('Location')).toMatch(/\/thanks$/);
  });

  it('lets nobody in through our page whom the form keeps out', async ({ expect }) => {
    const id = await makeBareForm({ allowed_origins: [shop], rate_limit: '1/1h' });
    const ip = '192.0.2.77';
    const ask = (Origin: string) =>
      call(`/f/${id}`, {
        ip,
        body: new URLSearchParams(entry()),
        headers: { ...asBrowser, Origin },
      });
    expect((await ask(shop)).status).toBe(303);
    const own = await ask(shop);
    expect(own.status).toBe(429);
    expect(await own.text()).toContain('<form');
    const other = await ask('https://evil.example');
    expect(await other.text()).not.toContain('<form');
  });

  it('offers no form where a captcha has to be passed first', async ({ expect }) => {
    const captcha = { provider: 'turnstile' as const, site_key: 'key', action: null };
    const id = await makeBareForm({ captcha: { ...captcha, on_outage: 'accept' } });
    const page = await (await post(id, typed)).text();
    expect(page).toContain('role="alert"');
    expect(page).not.toContain('<form');
  });

  it('never shows what was sent but as text, and keeps it to the letter', async ({ expect }) => {
    const id = await makeBareForm({ rate_limit: '1000000/1h' });
    const harmless = await readPage(
      await post(id, [
        ['email', 'x'],
        ['a', 'b'],
      ]),
    );
    const shape = harmless.elements.map(({ tag }) => tag);
    const hostile = fc.oneof(
      fc.constantFrom(
        ...['"><script>alert(1)</script>', "' onfocus=alert(1) autofocus x='", '</textarea><b>'],
        ...['&quot;', '&#39;', '<!--', ']]>', '</style><script>', '${1}', '{{1}}', 'javascript:1'],
      ),
      fc.string({
        unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '=', ' ', 'a', '`'),
        minLength: 1,
        maxLength: 40,
      }),
      fc.string({ minLength: 1, maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (name, value, email) => {
        const named = `a${name.replaceAll(/[[\]]/g, '')}`;
        const response = await post(id, [
          ['email', `${email} `],
          [named, `b${value}`],
        ]);
        fc.pre(response.status === 422);
        const page = await readPage(response);
        expect(page.elements.map(({ tag }) => tag)).toEqual(shape);
        for (const [index, element] of page.elements.entries()) {
          const names = Object.keys(harmless.elements[index]?.attributes ?? {});
          expect(Object.keys(element.attributes)).toEqual(names);
        }
        const kept = new Map(inputsOf(page));
        expect([...kept.values()].map((text) => text.trim())).toContain(`b${value}`.trim());
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

/** Relative luminance (WCAG 2.2). */
function luminanceOf(color: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

it('text on any colour of a form has a contrast of 4.5 at least', ({ expect }) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
      const color = `#${number.toString(16).padStart(6, '0')}`;
      const [low = 0, high = 0] = [
        luminanceOf(color),
        textColorOn(color) === '#000' ? 0 : 1,
      ].toSorted((one, other) => one - other);
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 2_000 },
  );
});

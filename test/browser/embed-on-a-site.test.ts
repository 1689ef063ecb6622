import { createHash } from 'node:crypto';
import { describe, inject, it } from 'vitest';
import { noChromium } from './chromium.ts';
import { formWith, scriptTag, startSite } from './site.ts';
import {
  fillIn,
  leadsFrom,
  messageOf,
  newAddress,
  nextStamp,
  openBrowser,
  takeTime,
} from './visitor.ts';

describe.skipIf(noChromium)(`embed.js on a site${noChromium}`, () => {
  it('needs no more of a strict CSP than script-src and connect-src', async ({
    expect,
    onTestFinished,
  }) => {
    const { url } = inject('stack');
    const policy = `default-src 'none'; script-src ${url}; connect-src ${url}`;
    const site = await startSite({ onTestFinished }, scriptTag() + formWith(), {
      'content-security-policy': `${policy}; require-trusted-types-for 'script'`,
    });
    const page = await openBrowser({ onTestFinished });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(site);
    const form = await fillIn(page, 'form', 'not an address');
    await form.getByRole('button').click();
    await form.locator('.inlet-error:not(:empty)').waitFor();
    await form.getByLabel('Email').fill(newAddress());
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
  });

  it('can be loaded as a module, with integrity, by a page that embeds under COEP', async ({
    expect,
    onTestFinished,
  }) => {
    const script = await (await fetch(`${inject('stack').url}/embed.js`)).text();
    const integrity = `sha256-${createHash('sha256').update(script).digest('base64')}`;
    const tag = scriptTag(`type="module" crossorigin integrity="${integrity}"`);
    const site = await startSite({ onTestFinished }, tag + formWith(), {
      'cross-origin-embedder-policy': 'require-corp',
    });
    const page = await openBrowser({ onTestFinished });
    await page.goto(site);
    const form = await fillIn(page, 'form', newAddress());
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
  });

  it('can be loaded by a page under COEP in the plain way too', async ({
    expect,
    onTestFinished,
  }) => {
    const site = await startSite({ onTestFinished }, scriptTag() + formWith(), {
      'cross-origin-embedder-policy': 'require-corp',
    });
    const page = await openBrowser({ onTestFinished });
    await page.goto(site);
    expect(await page.locator('form').getAttribute('novalidate')).toBe('');
  });

  it('enhances a form that comes later', async ({ expect, onTestFinished }) => {
    const site = await startSite({ onTestFinished }, `${scriptTag()}<main></main>`);
    const page = await openBrowser({ onTestFinished });
    await page.goto(site);
    await page.evaluate((html) => {
      const [main] = document.getElementsByTagName('main');
      if (main !== undefined) main.innerHTML = html;
    }, formWith());
    const form = await fillIn(page, 'form[novalidate]', newAddress());
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
  });

  it('sends where the visitor came from, and nothing in place of the form’s own inputs', async ({
    expect,
    onTestFinished,
  }) => {
    const inside = '<input type="hidden" name="utm_campaign" value="the form’s">';
    const site = await startSite({ onTestFinished }, scriptTag() + formWith({ inside }));
    const page = await openBrowser({ onTestFinished });
    const address = `${site}/contact?utm_source=news&utm_campaign=the+link’s&gclid=click&q=1`;
    await page.goto(`${address}#form`, { referer: 'https://search.example/' });
    const email = newAddress();
    const form = await fillIn(page, 'form', email);
    await takeTime(page);
    await form.getByRole('button').click();
    await messageOf(form);
    const [lead] = await leadsFrom(email);
    expect(lead?.attribution).toEqual({
      utm_source: 'news',
      utm_campaign: 'the form’s',
      gclid: 'click',
      // What else is in an address is for the site alone.
      page: new URL('/contact', address).href,
      referrer: 'https://search.example/',
    });
  });

  it.for([
    ['to the page of the site that the form names', '/welcome', '/welcome'],
    ['to our page where it names none', '', '/thanks'],
  ] as const)('goes on %s', async ([, target, arrives], { expect, onTestFinished }) => {
    const attributes = `data-inlet-redirect="${target}"`;
    const site = await startSite({ onTestFinished }, scriptTag() + formWith({ attributes }));
    const page = await openBrowser({ onTestFinished });
    await page.goto(site);
    const form = await fillIn(page, 'form', newAddress());
    await form.getByRole('button').click();
    await page.waitForURL(({ pathname }) => pathname.endsWith(arrives));
    expect(new URL(page.url()).origin).toBe(target === '' ? inject('stack').url : site);
  });

  it('does not go on to a script', async ({ expect, onTestFinished }) => {
    const attributes = 'data-inlet-redirect="javascript:document.title=\'taken\'"';
    const site = await startSite({ onTestFinished }, scriptTag() + formWith({ attributes }));
    const page = await openBrowser({ onTestFinished });
    await page.goto(site);
    const form = await fillIn(page, 'form', newAddress());
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    // It would run as a task of its own.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect(await page.title()).toBe('A site');
  });

  it('lets the page take over with its events', async ({ expect, onTestFinished }) => {
    const site = await startSite({ onTestFinished }, scriptTag() + formWith());
    const page = await openBrowser({ onTestFinished });
    await page.addInitScript(() => {
      for (const name of ['inlet:success', 'inlet:error']) {
        document.addEventListener(name, (event) => {
          event.preventDefault();
          document.title = `${name} ${JSON.stringify((event as CustomEvent).detail)}`;
        });
      }
    });
    await page.goto(site);
    const form = await fillIn(page, 'form', newAddress());
    const heard = async (name: string) => {
      await page.waitForFunction((name) => document.title.startsWith(name), name);
      return JSON.parse((await page.title()).slice(name.length)) as object;
    };
    await form.getByLabel('Name').fill('1234');
    await form.getByRole('button').click();
    expect(await heard('inlet:error')).toMatchObject({
      status: 422,
      errors: [{ field: 'name', message: 'Please write your name in letters.' }],
    });
    await form.getByLabel('Name').fill('Ada Lovelace');
    await form.getByRole('button').click();
    expect(await heard('inlet:success')).toMatchObject({
      id: expect.stringMatching(/^sub_/),
      next: expect.stringContaining('/thanks'),
    });
    expect(await form.innerText()).not.toContain('Please');
    expect(await form.getByLabel('Name').inputValue()).toBe('Ada Lovelace');
  });

  it('leaves the form to a page that has handled it', async ({ expect, onTestFinished }) => {
    const site = await startSite({ onTestFinished }, formWith());
    const page = await openBrowser({ onTestFinished });
    await page.goto(site);
    await page.evaluate(() => {
      document.querySelector('form')?.addEventListener('submit', (event) => event.preventDefault());
    });
    await page.addScriptTag({ url: `${inject('stack').url}/embed.js` });
    const form = await fillIn(page, 'form[novalidate]', newAddress());
    await form.getByRole('button').click();
    expect(await form.getAttribute('aria-busy')).toBe(null);
  });

  it('leaves the form alone in a browser without fetch', async ({ expect, onTestFinished }) => {
    const site = await startSite({ onTestFinished }, scriptTag() + formWith());
    const page = await openBrowser({ onTestFinished });
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'fetch'));
    await page.goto(site);
    const email = newAddress();
    const form = await fillIn(page, 'form', email);
    await form.getByRole('button').click();
    await page.waitForURL('**/thanks**');
    expect(await leadsFrom(email)).toHaveLength(1);
  });

  it('works without what it asks about the form', async ({ expect, onTestFinished }) => {
    const site = await startSite({ onTestFinished }, scriptTag() + formWith());
    const page = await openBrowser({ onTestFinished });
    await page.route('**/config', (route) => route.abort());
    await page.goto(site);
    const email = newAddress();
    const form = await fillIn(page, 'form', email);
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    expect(await leadsFrom(email)).toHaveLength(1);
  });

  it.for([
    ['a page of somebody in between', 503, 'text/html', '<h1>Bad gateway</h1>'],
    ['a page of somebody in between that says that all is well', 200, 'text/html', '<h1>Hi</h1>'],
    ['JSON of somebody else', 200, 'application/json', '{"status":"ok"}'],
  ] as const)(
    'takes %s for no answer, in the language of the page',
    async ([, status, contentType, body], { expect, onTestFinished }) => {
      const html = scriptTag() + `<div lang="de-AT">${formWith()}</div>`;
      const site = await startSite({ onTestFinished }, html);
      const page = await openBrowser({ onTestFinished });
      await page.goto(site);
      await page.route('**/f/*', (route) =>
        route.fulfill({
          ...{ status, contentType, body },
          headers: { 'access-control-allow-origin': '*' },
        }),
      );
      const form = await fillIn(page, 'form', newAddress());
      await form.getByRole('button').click();
      expect(await messageOf(form)).toEqual({
        role: 'alert',
        text: 'Das Senden hat nicht geklappt. Bitte noch einmal versuchen.',
      });
      expect(await form.getByRole('button').isEnabled()).toBe(true);
    },
  );

  it('gets a new stamp for each entry, as on a tablet that goes round', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openBrowser({ onTestFinished });
    const stamps: unknown[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'POST') return;
      stamps.push(/name="_stamp"\s+(\S+)/.exec(request.postData() ?? '')?.[1]);
    });
    let stamped = nextStamp(page);
    await page.goto(await startSite({ onTestFinished }, scriptTag() + formWith()));
    for (const visitor of [1, 2, 3]) {
      const form = await fillIn(page, 'form', newAddress());
      await stamped;
      stamped = nextStamp(page);
      await form.getByRole('button').click();
      expect(await messageOf(form)).toMatchObject({ role: 'status' });
      expect(stamps).toHaveLength(visitor);
    }
    await stamped;
    expect(new Set(stamps).size).toBe(3);
    expect(stamps).not.toContain(undefined);
  });
});

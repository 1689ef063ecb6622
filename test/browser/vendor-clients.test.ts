import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, inject, it, type TestContext } from 'vitest';
import { startHttpServer } from '../../dev/http-server.ts';
import { noChromium } from './chromium.ts';
import { leadsFrom, newAddress, openBrowser } from './visitor.ts';

type Test = Pick<TestContext, 'onTestFinished'>;

/** The scripts for browsers, beside what the packages export. */
const libraries = {
  formspree: new URL('global.js', import.meta.resolve('@formspree/ajax')),
  forminit: new URL('forminit.iife.js', import.meta.resolve('forminit')),
  web3forms: new URL('index.modern.js', import.meta.resolve('@web3forms/react')),
};

/** Opens a website elsewhere: this page, and `/library.js` as it was published. */
async function openSite(
  test: Test,
  { html, library, query = '' }: { html: string; library?: keyof typeof libraries; query?: string },
): Promise<Page> {
  const site = await startHttpServer(0, async ({ url }, response) => {
    const script = url === '/library.js' && library !== undefined;
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(script ? await readFile(libraries[library]) : html);
  });
  test.onTestFinished(site.close);
  const page = await openBrowser(test);
  // Formspree's library tells us that a program drives the browser, and such an entry is spam.
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false });
  });
  await page.goto(`${site.url}/${query}`);
  return page;
}

/** The address of the stack's form. */
const formAddress = () => new URL(inject('stack').formUrl).pathname.replace('/f/', '');

/** Turns the host that a client calls to ours; all else of its requests stays. */
async function turnHost(page: Page, host: string): Promise<void> {
  await page.evaluate(
    ([from = '', to = '']) => {
      const original = window.fetch;
      window.fetch = (url, init) => original(String(url).replace(from, to), init);
    },
    [host, inject('stack').url],
  );
}

const formspree = `
  <form id="contact">
    <label>Email <input name="email" data-fs-field></label><p data-fs-error="email"></p>
    <label>Message <textarea name="message"></textarea></label>
    <button type="submit" data-fs-submit-btn>Send</button>
    <div data-fs-success></div><div data-fs-error></div>
  </form>
  <script src="/library.js"></script>`;

const forminit = `
  <form>
    <input name="fi-sender-fullName" value="Ada Lovelace"><input name="fi-sender-email">
  </form>
  <script src="/library.js"></script>`;

const web3forms = `
  <script type="module">
    import useWeb3Forms from '/library.js';
    window.useWeb3Forms = useWeb3Forms;
  </script>`;

describe.skipIf(noChromium)(`the libraries of form services, in a browser${noChromium}`, () => {
  it('@formspree/ajax shows a field error, then success', async ({ expect, onTestFinished }) => {
    const page = await openSite({ onTestFinished }, { html: formspree, library: 'formspree' });
    const email = newAddress();
    await page.evaluate(
      ([origin, formId]) => {
        const { formspree } = window as unknown as { formspree: (...call: unknown[]) => void };
        formspree('initForm', { formElement: '#contact', formId, origin });
      },
      [inject('stack').url, formAddress()],
    );
    const form = page.locator('#contact');
    await form.getByLabel('Email').fill('nobody');
    await form.getByRole('button').click();
    const error = form.locator('[data-fs-error=email][data-fs-active]');
    expect(await error.innerText()).toMatch(/email/i);
    expect(await form.getByLabel('Email').getAttribute('aria-invalid')).toBe('true');
    await form.getByLabel('Email').fill(email);
    await form.getByLabel('Message').fill('By formspree');
    await form.getByRole('button').click();
    expect(await form.locator('[data-fs-success][data-fs-active]').innerText()).toBe('Thank you!');
    expect(await leadsFrom(email)).toMatchObject([{ notes: 'By formspree' }]);
  });

  it('forminit gives what it found in the address, and reports both', async ({
    expect,
    onTestFinished,
  }) => {
    const query = '?utm_source=news';
    const page = await openSite({ onTestFinished }, { html: forminit, library: 'forminit', query });
    await turnHost(page, 'https://forminit.com');
    const submit = (email: string) =>
      page.evaluate(
        ([formId, email = '']) => {
          type Report = { data?: { hashId: string }; error?: { message: string; code: string } };
          type Client = { submit: (id: unknown, data: FormData) => Promise<Report> };
          const { Forminit } = window as unknown as { Forminit: new () => Client };
          const form = document.forms[0];
          form?.querySelector('[name=fi-sender-email]')?.setAttribute('value', email);
          return new Forminit().submit(formId, new FormData(form));
        },
        [formAddress(), email],
      );
    const refused = await submit('nobody');
    expect(refused.error).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringMatching(/email/i),
    });
    const email = newAddress();
    expect(await submit(email)).toMatchObject({
      data: { hashId: expect.stringMatching(/^sub_/) },
    });
    expect(await leadsFrom(email)).toMatchObject([
      { full_name: 'Ada Lovelace', attribution: { utm_source: 'news' } },
    ]);
  });

  it('@web3forms/react calls back with success and with what is wrong', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openSite({ onTestFinished }, { html: web3forms, library: 'web3forms' });
    await turnHost(page, 'https://api.web3forms.com');
    const submit = (email: string) =>
      page.evaluate(
        ([access_key, email]) =>
          new Promise<[string, string]>((resolve) => {
            type Hook = (options: object) => { submit: (data: object) => void };
            const { useWeb3Forms } = window as unknown as { useWeb3Forms: Hook };
            const { submit } = useWeb3Forms({
              access_key,
              onSuccess: (message: string) => resolve(['success', message]),
              onError: (message: string) => resolve(['error', message]),
            });
            submit({ name: 'Ada Lovelace', email });
          }),
        [formAddress(), email],
      );
    expect(await submit('nobody')).toEqual(['error', expect.stringMatching(/email/i)]);
    const email = newAddress();
    expect(await submit(email)).toEqual(['success', expect.stringMatching(/\S/)]);
    expect(await leadsFrom(email)).toMatchObject([{ full_name: 'Ada Lovelace' }]);
  });

  it('a plain form of Formspree lands on the thank-you page', async ({
    expect,
    onTestFinished,
  }) => {
    const html = `
      <form action="${inject('stack').formUrl}" method="post">
        <label>Your Email <input name="Email" id="email" type="email"></label>
        <label>Your Message <textarea name="Message"></textarea></label>
        <button type="submit">Submit</button>
      </form>`;
    const page = await openSite({ onTestFinished }, { html });
    const email = newAddress();
    await page.getByLabel('Your Email').fill(email);
    await page.getByLabel('Your Message').fill('Grüße\nZoë 😀');
    await page.getByRole('button').click();
    await page.waitForURL('**/thanks*');
    expect(await leadsFrom(email)).toMatchObject([{ notes: 'Grüße\nZoë 😀' }]);
  });
});

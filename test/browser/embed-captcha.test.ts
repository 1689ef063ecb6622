import type { Page } from 'playwright-core';
import { describe, it, type TestContext } from 'vitest';
import { noChromium } from './chromium.ts';
import { formWith, scriptTag, startSite } from './site.ts';
import { fillIn, messageOf, newAddress, openBrowser } from './visitor.ts';

const providers = [
  ['turnstile', 'turnstile', 'https://challenges.cloudflare.com/turnstile/v0/api.js'],
  ['hcaptcha', 'hcaptcha', 'https://js.hcaptcha.com/1/api.js'],
  ['recaptcha', 'grecaptcha', 'https://www.google.com/recaptcha/api.js'],
] as const;

/** What the providers' scripts have in common. It puts what it is asked for into its box, and tokens into the form. */
function providersScript(name: string): string {
  return `let tokens = 0;
    window.${name} = {
      render(box, options) {
        box.textContent = JSON.stringify(options);
        box.append(Object.assign(document.createElement('input'), { name: 'token', readOnly: true }));
        this.reset(0);
        return 0;
      },
      reset(widget) {
        const [input] = document.getElementsByName('token');
        if (input && widget === 0) input.value = 'token ' + ++tokens;
      },
    };
    window[new URL(document.currentScript.src).searchParams.get('onload')]();`;
}

/** Opens a page whose form has a captcha, as far as the browser knows. Providers cannot be reached from here. */
async function openForm(
  test: Pick<TestContext, 'onTestFinished'>,
  [provider, name, script]: (typeof providers)[number],
  body = formWith(),
): Promise<{ page: Page; loaded: string[] }> {
  const site = await startSite(test, scriptTag() + body);
  const page = await openBrowser(test);
  await page.route('**/config', async (route) => {
    const response = await route.fetch();
    const captcha = { provider, site_key: 'site-key', action: 'contact' };
    await route.fulfill({ response, json: { ...(await response.json()), captcha } });
  });
  const loaded: string[] = [];
  await page.route(`${script}**`, async (route) => {
    loaded.push(route.request().url());
    await route.fulfill({ contentType: 'text/javascript', body: providersScript(name) });
  });
  await page.goto(site);
  return { page, loaded };
}

describe.skipIf(noChromium)(`a captcha in an enhanced form${noChromium}`, () => {
  it.for(providers)(
    'of %s is shown above the button, with a token for each entry',
    async (provider, { expect, onTestFinished }) => {
      const { page, loaded } = await openForm({ onTestFinished }, provider);
      const form = await fillIn(page, 'form', newAddress());
      const token = form.locator('[name=token]');
      expect(await token.inputValue()).toBe('token 1');
      expect(await form.locator('div:has(> input) + button').count()).toBe(1);
      expect(JSON.parse(await form.locator('div').innerText())).toEqual({
        sitekey: 'site-key',
        action: 'contact',
      });
      const [, name, script] = provider;
      expect(loaded).toEqual([`${script}?render=explicit&onload=inlet_${name}`]);

      await form.getByLabel('Name').fill('1234');
      await form.getByRole('button').click();
      expect(await messageOf(form)).toMatchObject({ role: 'alert' });
      expect(await token.inputValue()).toBe('token 1');
      await form.getByLabel('Name').fill('Ada Lovelace');
      await form.getByRole('button').click();
      expect(await messageOf(form)).toMatchObject({ role: 'status' });
      expect(await token.inputValue()).toBe('token 2');
    },
  );

  it('that was refused is asked for again', async ({ expect, onTestFinished }) => {
    const [turnstile] = providers;
    const { page } = await openForm({ onTestFinished }, turnstile);
    const errors = [{ field: 'cf-turnstile-response', code: 'CAPTCHA_FAILED', message: 'Again.' }];
    const json = { ok: false, code: 'CAPTCHA_FAILED', title: 'Are you human?', errors };
    await page.route(
      (url) => url.pathname.startsWith('/f/') && !url.pathname.endsWith('/config'),
      (route) => route.fulfill({ status: 422, json }),
    );
    const form = await fillIn(page, 'form', newAddress());
    const token = form.locator('[name=token]');
    expect(await token.inputValue()).toBe('token 1');
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'alert' });
    expect(await token.inputValue()).toBe('token 2');
  });

  it('is loaded once for two forms', async ({ expect, onTestFinished }) => {
    const [turnstile] = providers;
    const { page, loaded } = await openForm({ onTestFinished }, turnstile, formWith() + formWith());
    await page.locator('[name=token]').nth(1).waitFor();
    expect(loaded).toHaveLength(1);
  });

  it('that the page shows itself is left to it', async ({ expect, onTestFinished }) => {
    const [turnstile] = providers;
    const inside = '<div class="cf-turnstile" data-sitekey="site-key"></div>';
    const { page, loaded } = await openForm({ onTestFinished }, turnstile, formWith({ inside }));
    const form = await fillIn(page, 'form', newAddress());
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    expect(loaded).toEqual([]);
    expect(await form.locator('div').count()).toBe(1);
  });
});

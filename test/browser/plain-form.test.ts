import { describe, inject, it } from 'vitest';
import { noChromium } from './chromium.ts';
import { fillIn, leadsFrom, newAddress, openDemo } from './visitor.ts';

describe.skipIf(noChromium)(`a plain form, with script off${noChromium}`, () => {
  it('lands on the thank-you page, and its lead is stored', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished }, { javaScriptEnabled: false });
    const email = newAddress();
    const form = await fillIn(page, '#plain', email);
    await form.getByLabel('Message').fill('Line one\nLine two');
    await form.getByRole('button').click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(page.url()).toMatch(`${inject('stack').formUrl}/thanks`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Thank you!');
    expect(await leadsFrom(email)).toMatchObject([
      { full_name: 'Ada Lovelace', notes: 'Line one\nLine two' },
    ]);
  });

  it('is thanked in the language of the visitor', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished }, { javaScriptEnabled: false, locale: 'fr-FR' });
    const form = await fillIn(page, '#plain', newAddress());
    await form.getByRole('button').click();
    await page.waitForURL('**/thanks**');
    expect(await page.getAttribute('html', 'lang')).toBe('fr');
  });

  it('that is wrong can be mended on the page that says so', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished }, { javaScriptEnabled: false });
    const email = newAddress();
    const form = await fillIn(page, '#plain', email);
    await form.getByLabel('Name').fill('1234');
    await form.getByLabel('Message').fill('What I typed');
    await form.getByRole('button').click();
    expect(await page.getByRole('alert').innerText()).toContain(
      'Name – Please write your name in letters.',
    );
    expect(await page.getByLabel('Name').inputValue()).toBe('1234');
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByRole('button').click();
    await page.waitForURL('**/thanks**');
    expect(await leadsFrom(email)).toMatchObject([
      { full_name: 'Ada Lovelace', notes: 'What I typed' },
    ]);
  });

  it('that is wrong still holds what was typed on going back', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openDemo({ onTestFinished }, { javaScriptEnabled: false });
    const form = await fillIn(page, '#plain', newAddress());
    await form.getByLabel('Name').fill('1234');
    await form.getByLabel('Message').fill('What I typed');
    await form.getByRole('button').click();
    await page.getByRole('alert').waitFor();
    await page.goBack();
    expect(await form.getByLabel('Message').inputValue()).toBe('What I typed');
  });
});

import type { Page } from 'playwright-core';
import { describe, inject, it, type TestContext } from 'vitest';
import { noChromium } from './chromium.ts';
import { leadsFrom, messageOf, newAddress, openDemo, takeTime } from './visitor.ts';

/** What the API says of the one subscriber with an address, on the list of the demo. */
async function stateOf(email: string): Promise<string | undefined> {
  const { url, secretKey } = inject('stack');
  const query = new URLSearchParams({ email }).toString();
  const headers = { authorization: `Bearer ${secretKey}` };
  const response = await fetch(`${url}/v1/subscribers?${query}`, { headers });
  type Found = { data: { subscriptions: { list_id: string; state: string }[] }[] };
  const { data } = (await response.json()) as Found;
  const [first] = data[0]?.subscriptions.filter((each) => each.list_id !== 'list_newsletter') ?? [];
  return first?.state;
}

/** Opens the mailbox once the mail to an address is there, and follows the link in it. */
async function followMail(page: Page, email: string): Promise<void> {
  const mail = page.locator('article', { hasText: email });
  for (let tries = 0; tries < 200; tries += 1) {
    await page.goto(inject('stack').mailboxUrl);
    if ((await mail.count()) > 0) break;
    await page.waitForTimeout(50);
  }
  await mail.getByRole('link', { name: '/n/confirm/' }).click();
}

/** The link by which a mail program unsubscribes. */
async function leavingLink(email: string): Promise<string> {
  const response = await fetch(`${inject('stack').mailboxUrl}/emails`);
  type Mails = { data: { to: string; headers: Record<string, string> }[] };
  const mail = ((await response.json()) as Mails).data.find(({ to }) => to === email);
  return /<(.*)>/.exec(mail?.headers['List-Unsubscribe'] ?? '')?.[1] ?? '';
}

async function signUp(page: Page, email: string): Promise<void> {
  const form = page.locator('#newsletter');
  await form.getByLabel('Email').fill(email);
  await form.getByRole('button').click();
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

async function joined({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const page = await openDemo({ onTestFinished }, { javaScriptEnabled: false });
  const email = newAddress();
  await signUp(page, email);
  await page.waitForURL('**/thanks**');
  await followMail(page, email);
  return { page, email };
}

describe.skipIf(noChromium)(`a sign-up to a newsletter${noChromium}`, () => {
  it('goes from the site by the mail to the preferences, and out again', async ({
    expect,
    onTestFinished,
  }) => {
    const { page, email } = await joined({ onTestFinished });
    expect(await heading(page)).toBe('Confirm your sign-up');
    expect(await stateOf(email)).toBe('pending');
    await page.getByRole('button', { name: 'Yes, send it' }).click();
    expect(await heading(page)).toBe('You are signed up');
    expect(await stateOf(email)).toBe('active');

    await page.getByRole('link', { name: 'See all your subscriptions' }).click();
    const box = page.getByLabel('Inlet demo news');
    expect(await box.isChecked()).toBe(true);
    await box.uncheck();
    await page.getByLabel('Newsletter').check();
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await page.getByRole('status').innerText()).toBe('Your choice is saved.');
    expect([await box.isChecked(), await page.getByLabel('Newsletter').isChecked()]).toEqual([
      false,
      true,
    ]);
    expect(await stateOf(email)).toBe('unsubscribed');
    await box.check();
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await stateOf(email)).toBe('active');

    await page.goto(await leavingLink(email));
    expect(await heading(page)).toBe('Unsubscribe');
    expect(await stateOf(email)).toBe('active');
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    expect(await heading(page)).toBe('You are unsubscribed');
    expect(await stateOf(email)).toBe('unsubscribed');
    expect(await leadsFrom(email)).toEqual([]);
  });

  it('stays on the page with embed.js, in the language of that page', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openDemo({ onTestFinished }, { locale: 'de-DE' });
    const email = newAddress();
    await takeTime(page);
    await signUp(page, email);
    const message = await messageOf(page.locator('#newsletter'));
    const text = 'Please look at your mail, and confirm your sign-up there.';
    expect(message).toEqual({ role: 'status', text });
    await followMail(page, email);
    expect(await heading(page)).toBe('Confirm your sign-up');
  });
});

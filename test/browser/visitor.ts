import { chromium, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { inject, type TestContext } from 'vitest';

type Test = Pick<TestContext, 'onTestFinished'>;

/** What the API says of a lead, as far as these tests look at it. */
export type StoredLead = {
  id: string;
  full_name: string;
  email: string;
  notes: string | null;
  attribution: Record<string, string>;
};

/** An email address that no other test uses. */
export function newAddress(): string {
  return `${crypto.randomUUID()}@example.org`;
}

/** A window of a visitor who was never here before. */
export async function openBrowser(
  { onTestFinished }: Test,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const browser = await chromium.connect(inject('browserUrl'));
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  onTestFinished(async () => {
    // What is still on its way ends with the page.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await browser.close();
  });
  return page;
}

/** Opens the demo page of the stack. */
export async function openDemo(test: Test, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await openBrowser(test, options);
  await page.goto(inject('stack').demoUrl);
  return page;
}

/** Fills in name and email, and returns the form. */
export async function fillIn(page: Page, form: string, email: string): Promise<Locator> {
  const found = page.locator(form);
  await found.getByLabel('Name').fill('Ada Lovelace');
  await found.getByLabel('Email').fill(email);
  return found;
}

/** What an enhanced form says, once it says something. */
export async function messageOf(form: Locator): Promise<{ role: string | null; text: string }> {
  const region = form.locator('[data-inlet-message]:not(:empty)');
  return {
    text: await region.innerText(),
    role: await region.getAttribute('role'),
  };
}

/** The next answer to what `embed.js` asks about the form: at the start, and after each entry. */
export async function nextStamp(page: Page): Promise<void> {
  const response = await page.waitForResponse((answer) => answer.url().endsWith('/config'));
  await response.finished();
}

/** Lets the time pass that the stamp of a form wants: whoever is faster than people type is taken for a program. */
export async function takeTime(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const stamped = performance.getEntriesByType('resource').filter((entry) => {
      return entry.name.endsWith('/config');
    });
    return (
      stamped.length > 0 && stamped.every((entry) => performance.now() - entry.startTime > 2_500)
    );
  });
}

/** The leads that came from an email address. */
export async function leadsFrom(email: string): Promise<StoredLead[]> {
  const { url, secretKey } = inject('stack');
  const response = await fetch(`${url}/v1/leads?limit=200`, {
    headers: { authorization: `Bearer ${secretKey}` },
  });
  const { data } = (await response.json()) as { data: StoredLead[] };
  return data.filter((lead) => lead.email === email);
}

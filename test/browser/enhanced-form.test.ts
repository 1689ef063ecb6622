import { describe, inject, it } from 'vitest';
import { noChromium } from './chromium.ts';
import {
  fillIn,
  leadsFrom,
  messageOf,
  newAddress,
  nextStamp,
  openBrowser,
  openDemo,
  takeTime,
} from './visitor.ts';

describe.skipIf(noChromium)(`an enhanced form${noChromium}`, () => {
  it('shows what is wrong beside the field, without leaving the page, then success', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openDemo({ onTestFinished });
    const address = page.url();
    const email = newAddress();
    const form = await fillIn(page, '#enhanced', email);
    const name = form.getByLabel('Name');
    await name.fill('1234');
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'alert' });
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    const note = page.locator(`#${await name.getAttribute('aria-describedby')}`);
    expect(await note.innerText()).toBe('Please write your name in letters.');
    expect(await name.evaluate((field) => field === document.activeElement)).toBe(true);

    await name.fill('Ada Lovelace');
    expect(await name.getAttribute('aria-invalid')).toBe('false');
    expect(await note.innerText()).toBe('');
    await takeTime(page);
    await form.getByRole('button').click();
    expect(await messageOf(form)).toEqual({ role: 'status', text: 'Your message has arrived.' });
    expect(page.url()).toBe(address);
    expect(await name.inputValue()).toBe('');
    expect(await leadsFrom(email)).toMatchObject([{ full_name: 'Ada Lovelace' }]);
  });

  it('says what the browser finds wrong beside the fields, and sends nothing', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openDemo({ onTestFinished });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.method()));
    const form = page.locator('#enhanced');
    await form.getByLabel('Email').fill('nobody');
    await form.getByRole('button').click();
    const notes = form.locator('.inlet-error:not(:empty)');
    expect(await notes.allInnerTexts()).toEqual([
      expect.stringContaining('fill'),
      expect.stringContaining('@'),
    ]);
    expect(await form.getByLabel('Name').evaluate((field) => field.matches(':focus'))).toBe(true);
    expect(sent).not.toContain('POST');
  });

  it('is sent once by a double click', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished });
    const email = newAddress();
    const form = await fillIn(page, '#enhanced', email);
    await takeTime(page);
    let sent = 0;
    page.on('request', (request) => (sent += request.method() === 'POST' ? 1 : 0));
    await form.getByRole('button').dblclick();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    expect(sent).toBe(1);
    expect(await leadsFrom(email)).toHaveLength(1);
  });

  it('with the honeypot filled in by a program says success, and there is no lead', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openDemo({ onTestFinished });
    const email = newAddress();
    const form = await fillIn(page, '#enhanced', email);
    await form.locator('[name=_gotcha]').fill('https://example.net');
    await takeTime(page);
    await form.getByRole('button').click();
    expect(await messageOf(form)).toEqual({ role: 'status', text: 'Your message has arrived.' });
    expect(await leadsFrom(email)).toEqual([]);
  });

  it('that comes faster than people type says success, and there is no lead', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openBrowser({ onTestFinished });
    const filledIn = Promise.withResolvers<void>();
    await page.route('**/config', async (route) => {
      await filledIn.promise;
      return route.continue();
    });
    await page.goto(inject('stack').demoUrl);
    const email = newAddress();
    const form = await fillIn(page, '#enhanced', email);
    filledIn.resolve();
    await page.waitForLoadState('networkidle');
    await form.getByRole('button').click();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    expect(await leadsFrom(email)).toEqual([]);
  });

  it('can be filled in and sent by keyboard alone', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished });
    const email = newAddress();
    await page.locator('#enhanced').getByLabel('Name').focus();
    await page.keyboard.type('Ada Lovelace');
    await page.keyboard.press('Tab');
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('By keyboard');
    await takeTime(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await messageOf(page.locator('#enhanced'))).toMatchObject({ role: 'status' });
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
    expect(await leadsFrom(email)).toMatchObject([{ notes: 'By keyboard' }]);
  });

  it('whose answer was lost stays usable, and sending it again makes no second lead', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openDemo({ onTestFinished });
    const email = newAddress();
    const form = await fillIn(page, '#enhanced', email);
    await takeTime(page);
    const keys: (string | undefined)[] = [];
    await page.route('**/f/*', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await form.getByRole('button').click();
    expect(await messageOf(form)).toEqual({
      role: 'alert',
      text: 'It could not be sent. Please try again.',
    });
    expect(await form.getByLabel('Email').inputValue()).toBe(email);
    await form.getByRole('button').click();
    await form.locator('[role=status]:not(:empty)').waitFor();
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(await leadsFrom(email)).toHaveLength(1);
  });

  it('is a new entry when it is filled in anew', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished });
    const keys = new Set<string | undefined>();
    page.on('request', (request) => {
      if (request.method() === 'POST') keys.add(request.headers()['idempotency-key']);
    });
    for (const email of [newAddress(), newAddress()]) {
      const form = await fillIn(page, '#enhanced', email);
      await takeTime(page);
      const stamped = nextStamp(page);
      await form.getByRole('button').click();
      await stamped;
      expect(await messageOf(form)).toMatchObject({ role: 'status' });
      expect(await leadsFrom(email)).toHaveLength(1);
    }
    expect(keys.size).toBe(2);
  });

  it('is busy while it is being sent', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished });
    const form = await fillIn(page, '#enhanced', newAddress());
    const answered = Promise.withResolvers<void>();
    await page.route('**/f/*', async (route) => {
      await answered.promise;
      return route.continue();
    });
    await form.getByRole('button').click();
    expect(await form.getAttribute('aria-busy')).toBe('true');
    expect(await form.getByRole('button').isDisabled()).toBe(true);
    answered.resolve();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    expect(await form.getAttribute('aria-busy')).toBe('false');
    expect(await form.getByRole('button').isEnabled()).toBe(true);
  });

  it.for([
    ['phone', 390],
    ['small phone', 320],
  ] as const)('fits a %s', async ([, width], { expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished }, { viewport: { width, height: 844 } });
    await page.locator('#enhanced').getByRole('button').click();
    await page.locator('.inlet-error:not(:empty)').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});

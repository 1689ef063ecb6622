import type { Locator } from 'playwright-core';
import { describe, it, type TestContext } from 'vitest';
import { noChromium } from './chromium.ts';
import { formWith, scriptTag, startSite } from './site.ts';
import { fillIn, messageOf, newAddress, openBrowser } from './visitor.ts';

/** Opens a page with a form that has more inputs, and fills in the usual ones. */
async function openForm(test: Pick<TestContext, 'onTestFinished'>, inside: string) {
  const site = await startSite(test, scriptTag() + formWith({ inside }));
  const page = await openBrowser(test);
  await page.goto(site);
  return fillIn(page, 'form', newAddress());
}

/** What a screen reader says of a field beside its name. */
function describing(field: Locator): Promise<string> {
  return field.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join('|'),
  );
}

describe.skipIf(noChromium)(`what embed.js says beside fields${noChromium}`, () => {
  it('is text, whatever was typed', async ({ expect, onTestFinished }) => {
    const form = await openForm({ onTestFinished }, '');
    await form.getByLabel('Email').fill('<b>bold</b>');
    await form.getByRole('button').click();
    expect(await describing(form.getByLabel('Email'))).toContain('<b>bold</b>');
    expect(await form.locator('b').count()).toBe(0);
  });

  it('stands once beside radio buttons, and goes when one is chosen', async ({
    expect,
    onTestFinished,
  }) => {
    const form = await openForm(
      { onTestFinished },
      `<fieldset><legend>Size</legend>
        <label><input type="radio" name="size" value="s" required> Small</label>
        <label><input type="radio" name="size" value="l" required> Large</label>
      </fieldset>`,
    );
    await form.getByRole('button').click();
    expect(await form.locator('.inlet-error').count()).toBe(1);
    expect(await describing(form.getByLabel('Large'))).not.toBe('');
    await form.getByLabel('Small').check();
    expect(await describing(form.getByLabel('Large'))).toBe('');
  });

  it('stands where the page has a place for it, after what described the field before', async ({
    expect,
    onTestFinished,
  }) => {
    const form = await openForm(
      { onTestFinished },
      `<p data-inlet-error="phone"></p><p data-inlet-message></p>
       <label>Phone <input name="phone" aria-describedby="hint"></label><small id="hint">Ours</small>`,
    );
    await form.getByLabel('Phone').fill('call me');
    await form.getByRole('button').click();
    expect(await messageOf(form)).toEqual({ role: 'alert', text: 'Please check your entries' });
    expect(await form.locator('[data-inlet-error]').innerText()).toContain('phone number');
    expect(await describing(form.getByLabel('Phone'))).toMatch(/^Ours\|Please/);
    expect(await form.locator('[data-inlet-message]').count()).toBe(1);
  });

  it('is for the whole form where the field has no name or is not there', async ({
    expect,
    onTestFinished,
  }) => {
    const form = await openForm({ onTestFinished }, '<input type="checkbox" id="terms" required>');
    await form.getByRole('button').click();
    expect((await messageOf(form)).text).not.toBe('');
    await form.locator('#terms').check();
    await form.getByLabel('Email').evaluate((input) => input.remove());
    await form.getByRole('button').click();
    expect(await messageOf(form)).toEqual({
      role: 'alert',
      text: 'Please enter your email address.',
    });
  });
});

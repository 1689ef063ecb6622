import type { Page } from 'playwright-core';
import { describe, inject, it } from 'vitest';
import { noChromium } from './chromium.ts';
import { fillIn, leadsFrom, messageOf, newAddress, openDemo, takeTime } from './visitor.ts';

const pdf = { name: 'offer.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') };

/** Asks the API. */
function read(path: string): Promise<Response> {
  const { url, secretKey } = inject('stack');
  return fetch(url + path, { headers: { authorization: `Bearer ${secretKey}` } });
}

/** The id of the submission that a page's next answer names. */
async function nextSubmission(page: Page): Promise<string> {
  const response = await page.waitForResponse((answer) => answer.request().method() === 'POST');
  const { id } = (await response.json()) as { id: string };
  return id;
}

describe.skipIf(noChromium)(`a form with a file${noChromium}`, () => {
  it('stores the file with the lead', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished });
    const email = newAddress();
    const form = await fillIn(page, '#file', email);
    await form.getByLabel('File').setInputFiles(pdf);
    await takeTime(page);
    const [id] = await Promise.all([
      nextSubmission(page),
      form.getByRole('button', { name: 'Send' }).click(),
    ]);
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    expect(await leadsFrom(email)).toHaveLength(1);
    const { files } = (await (await read(`/v1/submissions/${id}`)).json()) as {
      files: { id: string }[];
    };
    expect(files).toMatchObject([
      { field: 'attachment', filename: 'offer.pdf', kind: 'document', stored: true },
    ]);
    const stored = await read(`/v1/files/${files[0]?.id}`);
    expect(Buffer.from(await stored.arrayBuffer())).toEqual(pdf.buffer);
  });

  it('says beside the input that it does not take such a file, and keeps the rest', async ({
    expect,
    onTestFinished,
  }) => {
    const page = await openDemo({ onTestFinished });
    const email = newAddress();
    const form = await fillIn(page, '#file', email);
    const html = { ...pdf, buffer: Buffer.from('<!doctype html><script>alert(1)</script>') };
    await form.getByLabel('File').setInputFiles(html);
    await form.getByRole('button', { name: 'Send' }).click();
    expect(await messageOf(form)).toMatchObject({ role: 'alert' });
    expect(await form.locator('.inlet-error').innerText()).toContain('not accepted');
    expect(await form.getByLabel('Email').inputValue()).toBe(email);
  });

  it('takes the file with script off too', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished }, { javaScriptEnabled: false });
    const email = newAddress();
    const form = await fillIn(page, '#file', email);
    await form.getByLabel('File').setInputFiles(pdf);
    await form.getByRole('button', { name: 'Send' }).click();
    await page.waitForURL('**/thanks**');
    expect(await leadsFrom(email)).toHaveLength(1);
  });
});

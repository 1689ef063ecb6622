import { describe, inject, it } from 'vitest';
import { startHttpServer } from '../../dev/http-server.ts';
import { noChromium } from './chromium.ts';
import { leadsFrom, newAddress, openBrowser } from './visitor.ts';

/** Makes a form that takes entries from one site alone. */
async function makeBoundForm(origin: string): Promise<string> {
  const { url, secretKey } = inject('stack');
  const response = await fetch(`${url}/v1/forms`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Bound', allowed_origins: [origin] }),
  });
  const form = (await response.json()) as { url: string };
  return form.url;
}

describe.skipIf(noChromium)(`a form that is mended on our page${noChromium}`, () => {
  it('counts as one of its site, and ends where the site wished', async ({
    expect,
    onTestFinished,
  }) => {
    let html = '';
    const site = await startHttpServer(0, async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><html lang="en"><title>A site</title>${html}</html>`);
    });
    onTestFinished(site.close);
    html = `<form action="${await makeBoundForm(site.url)}" method="post">
      <input type="hidden" name="_next" value="/thanks?from=form">
      <label>Name <input name="name" value="Ada Lovelace"></label>
      <label>Email <input name="email" value="nope"></label><button>Send</button></form>`;
    const page = await openBrowser({ onTestFinished }, { javaScriptEnabled: false });
    await page.goto(`${site.url}/contact`);
    await page.getByRole('button').click();
    expect(await page.getByRole('alert').innerText()).toContain('Email – Please enter');
    const email = newAddress();
    await page.getByLabel('Email').fill(email);
    await page.getByRole('button').click();
    await page.waitForURL(`${site.url}/thanks?from=form`);
    expect(await leadsFrom(email)).toMatchObject([{ full_name: 'Ada Lovelace' }]);
  });

  it('leads back to its site from our thank-you page', async ({ expect, onTestFinished }) => {
    const { formUrl } = inject('stack');
    const site = await startHttpServer(0, async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><title>A site</title><form action="${formUrl}" method="post">
        <input name="name" value="Ada Lovelace"><input name="email" value="${newAddress()}">
        <button>Send</button></form>`);
    });
    onTestFinished(site.close);
    const page = await openBrowser({ onTestFinished }, { javaScriptEnabled: false });
    await page.goto(`${site.url}/contact`);
    await page.getByRole('button').click();
    await page.waitForURL('**/thanks');
    expect(await page.getByRole('link').getAttribute('href')).toBe(`${site.url}/`);
  });
});

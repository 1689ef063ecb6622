import { describe, it } from 'vitest';
import { noChromium } from './chromium.ts';
import { fillIn, leadsFrom, messageOf, newAddress, openDemo, takeTime } from './visitor.ts';

const pdf = { name: 'offer.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') };

describe.skipIf(noChromium)(`a form with a file${noChromium}`, () => {
  it('stores the file with the lead', async ({ expect, onTestFinished }) => {
    const page = await openDemo({ onTestFinished });
    const email = newAddress();
    const form = await fillIn(page, '#file', email);
    await form.getByLabel('File').setInputFiles(pdf);
    await takeTime(page);
    await form.getByRole('button', { name: 'Send' }).click();
    expect(await messageOf(form)).toMatchObject({ role: 'status' });
    expect(await leadsFrom(email)).toHaveLength(1);
  });
});

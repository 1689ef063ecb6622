import { beforeAll, describe, it } from 'vitest';
import { assetsFrom, staticFiles, watchAssets } from '../support/assets.ts';
import { faulty } from '../support/faults.ts';
import { makeBareForm, startWorker, type call } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { readPage } from '../support/read-page.ts';
import { loggedOfKind } from '../support/watch-logs.ts';

const german = { 'Accept-Language': 'de-AT,de;q=0.9' };
const germanFile = '/messages/de.json';
let formId = '';
beforeAll(async () => {
  formId = await makeBareForm({ disposable_emails: 'accept' });
});

/** Sends what a German visitor's script sends, and reads the title of the answer. */
async function titleOf(by: typeof call, json: object = makePerson()): Promise<string> {
  const headers = { Accept: 'application/json', ...german };
  const response = await by(`/f/${formId}`, { json, headers });
  return (await response.json<{ title: string }>()).title;
}

const unreadable = () =>
  loggedOfKind('fault').filter((line) => line['fault'] === 'asset_unreadable');

describe('the language of a visitor', () => {
  it('is read once by each isolate, whatever becomes of the entries', async ({ expect }) => {
    const { asked, ASSETS } = watchAssets();
    const by = startWorker({ ASSETS });
    expect(await titleOf(by)).toBe('Vielen Dank!');
    expect(await titleOf(by)).toBe('Vielen Dank!');
    expect(await titleOf(by, { email: 'nope' })).toBe('Bitte prüfen Sie Ihre Eingaben');
    const page = await by(`/f/${formId}/thanks`, { headers: german });
    expect((await readPage(page)).text).toContain('Vielen Dank!');
    expect(asked).toEqual([germanFile]);
  });

  it('is not read for English', async ({ expect }) => {
    const { asked, ASSETS } = watchAssets();
    const headers = { 'Accept-Language': 'en-GB,de;q=0.5' };
    const page = await startWorker({ ASSETS })(`/f/${formId}/thanks`, { headers });
    expect((await readPage(page)).text).toContain('Thank you!');
    expect(asked).toEqual([]);
  });

  it('is read for the page that a browser is sent to', async ({ expect }) => {
    const { asked, ASSETS } = watchAssets();
    const by = startWorker({ ASSETS });
    const headers = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', ...german };
    const { full_name: name, email } = makePerson();
    const body = new URLSearchParams({ name, email });
    expect((await by(`/f/${formId}`, { body, headers })).status).toBe(303);
    expect(asked).toEqual([germanFile]);
    const page = await by(`/f/${formId}/thanks`, { headers });
    expect(page.headers.get('Content-Language')).toBe('de');
    expect(asked).toHaveLength(1);
  });

  it('is read to the end for the next visitor, though this one was only sent on', async ({
    expect,
  }) => {
    let given = 0;
    const { ASSETS } = watchAssets(async (address, init) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 150);
      });
      given += 1;
      return staticFiles.fetch(address, init);
    });
    const { full_name: name, email } = makePerson();
    const body = new URLSearchParams({ name, email });
    const headers = { Accept: 'text/html', ...german };
    expect((await startWorker({ ASSETS })(`/f/${formId}`, { body, headers })).status).toBe(303);
    expect(given).toBe(1);
  });

  it('is spoken by those who turn a visitor away before the form is known', async ({ expect }) => {
    const by = startWorker({ ASSETS: watchAssets().ASSETS });
    const headers = { Accept: 'text/html', ...german };
    const page = await by('/f/there_is_no_such_form', { headers });
    expect(page.status).toBe(404);
    expect((await readPage(page)).text).toContain('Hier ist kein Formular');
  });

  const faults = ['hang', 'drop', 'html', 'truncated', 'status-404', 'body-W10'];
  const ways: [fault: string, open: () => ReturnType<typeof watchAssets>][] = [
    ...faults.map((fault): [string, () => ReturnType<typeof watchAssets>] => [
      fault,
      () => assetsFrom(faulty('redis', fault).url),
    ]),
    ['a binding that heeds no signal', () => watchAssets(() => new Promise(() => {}))],
    [
      'a body that never ends',
      () => watchAssets(() => Promise.resolve(new Response(new TransformStream().readable))),
    ],
  ];
  it.for(ways)(
    'is English where its file cannot be read, and the log says so: %s',
    async ([, open], { expect }) => {
      const { asked, ASSETS } = open();
      const by = startWorker({ ASSETS });
      for (const title of ['Thank you!', 'Please check your entries']) {
        const startedAt = Date.now();
        const json = title === 'Thank you!' ? makePerson() : { email: 'nope' };
        expect(await titleOf(by, json)).toBe(title);
        expect(Date.now() - startedAt).toBeLessThan(1_500);
      }
      const page = await by(`/f/${formId}/thanks`, { headers: german });
      // It is spoken as it is written.
      expect(page.headers.get('Content-Language')).toBe('en');
      expect((await readPage(page)).elements[0]?.attributes).toEqual({ lang: 'en' });
      // A minute later it is tried again.
      expect(asked).toEqual([germanFile]);
      expect(unreadable()).toMatchObject([{ names: ['messages/de.json', expect.any(String)] }]);
    },
  );
});

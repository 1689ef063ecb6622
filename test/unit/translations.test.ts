import { describe, it } from 'vitest';
import { minuteMs } from '../../src/lib/units.ts';
import { en } from '../../src/pages/messages/en.ts';
import { languages } from '../../src/pages/messages/languages.ts';
import { openTranslations, type HeldTranslations } from '../../src/pages/messages/translations.ts';
import type { AssetsBinding } from '../../src/platform/assets.ts';
import { consoleLogger } from '../../src/platform/logger.ts';
import { staticFiles, watchAssets } from '../support/assets.ts';
import { loggedOfKind } from '../support/watch-logs.ts';

const others = languages.filter((language) => language !== 'en');

/** Each text of a file under its path: `failures.busy.0`. */
function textsOf(value: unknown, path = ''): [path: string, text: unknown][] {
  if (typeof value !== 'object' || value === null) return [[path.slice(1), value]];
  return Object.entries(value).flatMap(([key, part]) => textsOf(part, `${path}.${key}`));
}

const placeholdersOf = (text: unknown) => String(text).match(/\{\w*\}/g) ?? [];

describe('the texts in', () => {
  it.for(languages)('%s are those that there are in English', async (language, { expect }) => {
    const given =
      language === 'en'
        ? en
        : await (await staticFiles.fetch(`http://assets/messages/${language}.json`)).json();
    const texts = textsOf(given);
    const english = textsOf(en);
    expect(texts.map(([path]) => path)).toEqual(english.map(([path]) => path));
    for (const [index, [path, text]] of texts.entries()) {
      expect(text, path).toEqual(expect.stringMatching(/^\S(.*\S)?$/));
      expect(text, path).not.toMatch(/[<>]|&\w+;|&#/);
      expect(placeholdersOf(text), path).toEqual(placeholdersOf(english[index]?.[1]));
    }
  });
});

const open = (assets: AssetsBinding, held: HeldTranslations = new Map(), now = Date.now) =>
  openTranslations({ assets, held, logger: consoleLogger, now });

describe('a translation', () => {
  it.for(others)('into %s is another one than English', async (language, { expect }) => {
    const read = await open(staticFiles).read(language);
    expect(read.language).toBe(language);
    expect(read.messages.thanks).not.toEqual(en.thanks);
    expect(loggedOfKind('fault')).toEqual([]);
  });

  it('is read once by a request that asks twice at once, and by none after it', async ({
    expect,
  }) => {
    const watched = watchAssets();
    const held: HeldTranslations = new Map();
    const request = open(watched.ASSETS, held);
    const [one, other] = await Promise.all([request.read('de'), request.read('de')]);
    expect(one.messages).toBe(other.messages);
    expect((await open(watched.ASSETS, held).read('de')).messages).toBe(one.messages);
    expect((await open(watched.ASSETS, held).read('fr')).language).toBe('fr');
    expect(watched.asked).toEqual(['/messages/de.json', '/messages/fr.json']);
  });

  it('that could not be read is tried again a minute later', async ({ expect }) => {
    let at = Date.now();
    const held: HeldTranslations = new Map();
    const away = watchAssets(() => Promise.resolve(new Response('', { status: 404 })));
    const readWith = (from: AssetsBinding) => open(from, held, () => at).read('de');
    expect(await readWith(away.ASSETS)).toEqual({ language: 'en', messages: en });
    at += minuteMs - 1;
    expect((await readWith(staticFiles)).language).toBe('en');
    at += 1;
    expect((await readWith(staticFiles)).language).toBe('de');
    expect(away.asked).toHaveLength(1);
  });

  it.for(['null', '[1]', '"de"', '{"thanks":null}', '{"back":5}', '{"thanks":"Danke"}'])(
    'is not what a file says that holds %s',
    async (text, { expect }) => {
      const { ASSETS } = watchAssets(() => Promise.resolve(new Response(text)));
      expect(await open(ASSETS).read('de')).toEqual({ language: 'en', messages: en });
      expect(loggedOfKind('fault')).toMatchObject([
        { fault: 'asset_unreadable', names: ['messages/de.json', 'TypeError'] },
      ]);
    },
  );

  it('lacks nothing: what its file does not say is in English', async ({ expect }) => {
    const text = JSON.stringify({
      thanks: ['Danke'],
      failures: { busy: ['Moment', 'Später'] },
      more: 'x',
    });
    const { ASSETS } = watchAssets(() => Promise.resolve(new Response(text)));
    expect(await open(ASSETS).read('de')).toEqual({
      language: 'de',
      messages: {
        ...en,
        thanks: ['Danke', en.thanks[1]],
        failures: { ...en.failures, busy: ['Moment', 'Später'] },
      },
    });
    expect(loggedOfKind('fault')).toEqual([]);
  });
});

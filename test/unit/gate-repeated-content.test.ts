import { describe, it } from 'vitest';
import { checkRepeatedContent, contentLimit } from '../../src/forms/gates/repeated-content.ts';
import { makeEntry } from './gate-entry.ts';

const subjectOf = async (text: string, form = 'form_1') =>
  (await contentLimit(form, text))?.subject;

describe('the gate against repeated content', () => {
  it('counts one text as one, whatever its case, blanks and signs', async ({ expect }) => {
    const text = 'We offer you the first place in every search engine!';
    const same = await subjectOf(text);
    expect(same).toMatch(/^form_1:[\da-f]{64}$/);
    expect(await subjectOf(`  ${text.toUpperCase().replaceAll(' ', '\n— ')}???`)).toBe(same);
    expect(await subjectOf('Ｗｅ offer you the first place in every search engine')).toBe(same);
    expect(await subjectOf(`${text} 2`)).not.toBe(same);
    expect(await subjectOf(text, 'form_2')).not.toBe(same);
  });

  it.for([
    'Please call me back.',
    'I would like a quote, thanks!',
    'Bitte rufen Sie mich zurück, danke!',
    'Merci de me rappeler demain matin.',
    'よろしくお願いいたします。お電話ください。',
    '!'.repeat(5_000),
    '',
  ])('does not count what many people write: %s', async (text, { expect }) => {
    expect(await contentLimit('form_1', text)).toBeNull();
  });

  it('looks at none of the first ten in an hour', async ({ expect }) => {
    const text = 'We offer you the first place in every search engine!';
    expect((await contentLimit('form_1', text))?.rate).toEqual({ limit: 10, windowMs: 3_600_000 });
    const fields = { message: `${text} https://seo.alt/now` };
    expect(checkRepeatedContent(makeEntry(fields))).toEqual({ pass: true });
    expect(checkRepeatedContent(makeEntry(fields, { repeated: ['stamp'] }))).toEqual({
      pass: true,
    });
  });

  const flat = 'Hello, I am interested in this flat, please send me more information: ';
  const form = { allowed_origins: ['https://www.flats.alt'] };

  it.for(['https://seo.alt/now', 'www.seo.alt', 'first.place@seo.alt'])(
    'flags what leads away from the site: %s',
    (address, { expect }) => {
      const entry = makeEntry({ message: flat + address }, { form, repeated: ['content'] });
      expect(checkRepeatedContent(entry)).toEqual({ flag: 'repeated_content' });
    },
  );

  it.for(['no. 0815/2', 'https://www.flats.alt/berlin/12', 'flats.alt @ Berlin'])(
    'only marks what a site may have put there for its visitors to send: %s',
    (address, { expect }) => {
      const entry = makeEntry({ message: flat + address }, { form, repeated: ['content'] });
      expect(checkRepeatedContent(entry)).toEqual({ mark: 'repeated_content' });
    },
  );
});

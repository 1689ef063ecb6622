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

  it('lets ten people an hour send what a site has put there for them', async ({ expect }) => {
    const prefilled = 'Hello, I am interested in this flat. Please send me more information.';
    expect((await contentLimit('form_1', prefilled))?.rate).toEqual({
      limit: 10,
      windowMs: 3_600_000,
    });
  });

  it('flags what came more often', ({ expect }) => {
    const flagged = makeEntry({}, { repeated: ['content'] });
    expect(checkRepeatedContent(flagged)).toEqual({ flag: 'repeated_content' });
    expect(checkRepeatedContent(makeEntry({}, { repeated: ['stamp'] }))).toEqual({ pass: true });
    expect(checkRepeatedContent(makeEntry({}))).toEqual({ pass: true });
  });
});

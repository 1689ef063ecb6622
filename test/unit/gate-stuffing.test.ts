import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { checkStuffing } from '../../src/forms/gates/stuffing.ts';
import { makeEntry } from './gate-entry.ts';

const judge = (message: string, more: Parameters<typeof makeEntry>[1] = {}) =>
  checkStuffing(makeEntry({ name: 'Ada', email: 'ada@acme.alt', message }, more));

const spam: [reason: string, message: string][] = [
  ['links', 'Best pills http://a.alt http://b.alt http://c.alt http://d.alt buy now'],
  ['links', 'Rank first: www.a.alt/1 www.a.alt/2 www.a.alt/3 www.a.alt/4'],
  ['links', 'Casino https://a.alt,https://b.alt;https://c.alt\nhttps://d.alt'],
  ['links', 'See (https://a.alt/x) <https://b.alt> "https://c.alt" [https://d.alt]'],
  ['markup', 'Hello <a href="http://pills.alt">cheap</a>'],
  ['markup', "Hello <A title='x'\nHREF = 'https://pills.alt'>cheap</A>"],
  ['markup', 'Hello <a target=_blank href=//pills.alt>cheap</a>'],
  ['markup', 'Hello [url=http://pills.alt]cheap[/url]'],
  ['markup', 'Hello [URL]https://pills.alt[/URL]'],
  ['markup', 'Hello [link=www.pills.alt]cheap[/link]'],
  ['markup', '<script>alert(1)</script>'],
  ['markup', '"><script src=//evil.alt/x.js>'],
  ['markup', '<SCRIPT type="text/javascript">document.cookie</SCRIPT >'],
  ['markup', '<iframe width="1" src="https://evil.alt">'],
  ['markup', '<img src=x onerror=alert(1)>'],
  ['markup', '<svg/onload=alert(1)>'],
];

const people: [what: string, message: string][] = [
  ['nothing', ''],
  ['one link', 'Ich habe das hier gesehen: https://acme.alt/angebot?id=5 – ist es noch zu haben?'],
  ['three links', 'Our shops: https://a.alt, https://b.alt and https://c.alt. Can you audit them?'],
  ['one link, many times', 'https://a.alt https://a.alt https://a.alt https://a.alt https://a.alt'],
  ['a comparison', 'Our revenue is <5M online = 20% of all, for a <b and once = ok.'],
  ['a heart', 'I <3 your shop, only = the best! Is <it> on sale = cheaper?'],
  ['bold text', 'This is <b>really</b> urgent, <i>please</i> call.'],
  ['the word javascript:', 'The link says javascript:void(0) and nothing happens when I click it.'],
  ['a script tag that is spoken of', 'Do I put the <script> tag into the <head> of my page?'],
  ['an image tag that is spoken of', 'My <img src="logo.png" alt=""> is not shown, why?'],
  ['a link within the site, as code', 'The <a href="/shop">menu</a> leads nowhere on my phone.'],
  ['a heart', 'I <3 your coffee, the one on sale = 5 EUR?'],
  ['code', 'if (a < b && c > d) { return x[url]; } // a onclick = handler'],
  ['SQL', "SELECT * FROM leads WHERE name = 'O''Brien' AND age < 30 -- on = off"],
  [
    'a price list',
    'Angebot:\n- 10 Stück: 4,50 €\n- 100 Stück: 3,90 €\n- >1.000: auf Anfrage\nMwSt. 19 %',
  ],
  [
    'French',
    'Bonjour, je voudrais un devis pour 3 fenêtres (120×140 cm) à Besançon. Merci d’avance !',
  ],
  ['Arabic', 'مرحبا، أود الاستفسار عن الأسعار. شكرا'],
  ['Japanese', 'お見積もりをお願いします。詳細は https://acme.alt/仕様 をご覧ください。'],
  ['Greek', 'Καλημέρα, θα ήθελα μια προσφορά για το www.acme.alt. Ευχαριστώ!'],
  ['addresses of mail', 'a@a.alt b@b.alt c@c.alt d@d.alt e@e.alt: invite all of us, please'],
  ['domains without a scheme', 'acme.alt, acme.example, acme.test and acme.invalid are ours.'],
  ['brackets', 'Room [link to the hall] and [url] are in the template, what do they mean?'],
];

describe('the gate against stuffing', () => {
  it.for(spam)('flags %s: %s', ([reason, message], { expect }) => {
    expect(judge(message)).toEqual({ flag: reason });
  });

  it.for(people)('lets a person write %s', ([, message], { expect }) => {
    expect(judge(message)).toEqual({ pass: true });
  });

  it('does not count links to the site itself', ({ expect }) => {
    const cart = [1, 2, 3, 4, 5].map((id) => `https://www.shop.alt/item/${id}`).join('\n');
    expect(judge(`I would like these:\n${cart}`)).toEqual({ flag: 'links' });
    const origins = { form: { allowed_origins: ['https://shop.alt'] } };
    expect(judge(`I would like these:\n${cart}`, origins)).toEqual({ pass: true });
    expect(judge(`I would like these:\n${cart}`, { origin: 'https://www.shop.alt' })).toEqual({
      pass: true,
    });
  });

  it('does not count what an input for an address holds', ({ expect }) => {
    const entry = makeEntry({
      name: 'Ada',
      website: 'https://ada.alt',
      linkedin: 'https://linkedin.example/in/ada',
      github: 'https://git.example/ada',
      page: 'https://acme.alt/jobs?utm_source=x',
      referrer: 'https://search.example/',
      message: 'My portfolio: https://ada.alt/work',
    });
    expect(checkStuffing(entry)).toEqual({ pass: true });
  });

  it('looks into lists and groups', ({ expect }) => {
    const four = 'http://a.alt http://b.alt http://c.alt http://d.alt';
    expect(checkStuffing(makeEntry({ 'answers[0]': 'yes', 'answers[1]': four }))).toEqual({
      flag: 'links',
    });
    expect(checkStuffing(makeEntry({ 'contact[note]': '<script>x</script>' }))).toEqual({
      flag: 'markup',
    });
  });

  it('says something of any text, and takes no longer for one that means ill', ({ expect }) => {
    const pieces = [
      '<',
      '<a ',
      '<a\n',
      'href',
      ' href =',
      '=',
      '"',
      '<script',
      '>',
      ' src ',
      ' on',
    ];
    const more = ['onx ', '[url', ']', 'http://', 'www.', '/', ' ', '\t', 'x', '<iframe ', "'"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const message = text.repeat(Math.floor(262_144 / Math.max(1, text.length)));
        const startedAt = performance.now();
        judge(message);
        return performance.now() - startedAt < 1_500;
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const verdict = judge(message);
        expect('pass' in verdict || 'flag' in verdict).toBe(true);
      }),
    );
  });
});

import { describe, it } from 'vitest';
import { redirectTarget } from '../../src/forms/redirect-target.ts';

const shop = 'https://shop.example';
const open = { allowedOrigins: [], redirectUrl: null, errorUrl: null };
const bound = { ...open, allowedOrigins: [shop, 'https://www.shop.example'] };

describe('where a browser may be sent', () => {
  it.for([
    ['/thanks', `${shop}/thanks`],
    ['thanks.html?a=1#b', `${shop}/thanks.html?a=1#b`],
    [`${shop}/thanks`, `${shop}/thanks`],
    ['https://www.shop.example/', 'https://www.shop.example/'],
  ])('is %s', ([wish = '', target], { expect }) => {
    expect(redirectTarget(wish, bound, shop)).toBe(target);
  });

  it.for([
    'https://evil.example/',
    'http://shop.example/',
    'https://shop.example:8443/',
    'https://shop.example.evil.example/',
    'https://shop.example@evil.example/',
    'https://user:pass@shop.example/',
    '//evil.example/',
    '//shop.example/',
    String.raw`/\evil.example/`,
    String.raw`\\evil.example/`,
    '/\t/evil.example/',
    ' //evil.example/',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,hello',
    'https://',
    `/${'a'.repeat(2_100)}`,
  ])('is never %j', (wish, { expect }) => {
    for (const form of [bound, open, { ...open, redirectUrl: `${shop}/thanks` }]) {
      expect(redirectTarget(wish, form, shop)).toBeNull();
    }
  });

  it('is the site of a configured address, also where no page is named', ({ expect }) => {
    const form = { ...open, redirectUrl: `${shop}/thanks` };
    expect(redirectTarget('/other', form, null)).toBe(`${shop}/other`);
    expect(redirectTarget(`${shop}/other`, form, null)).toBe(`${shop}/other`);
    const failing = { ...open, errorUrl: `${shop}/sorry` };
    expect(redirectTarget(`${shop}/other`, failing, null)).toBe(`${shop}/other`);
  });

  it('is the page that sent it, for a form that names none', ({ expect }) => {
    expect(redirectTarget('/thanks', open, 'https://anywhere.example')).toBe(
      'https://anywhere.example/thanks',
    );
    expect(redirectTarget('/thanks', bound, 'https://anywhere.example')).toBeNull();
    expect(redirectTarget('/thanks', open, null)).toBeNull();
    expect(redirectTarget(`${shop}/`, open, null)).toBeNull();
  });

  it('is no page that a form does not name, where it names any', ({ expect }) => {
    for (const form of [bound, { ...open, redirectUrl: shop }, { ...open, errorUrl: shop }]) {
      expect(redirectTarget('/phish', form, 'https://evil.example')).toBeNull();
      expect(redirectTarget('/thanks', form, shop)).toBe(`${shop}/thanks`);
    }
  });

  it('is nothing without a wish', ({ expect }) => {
    expect(redirectTarget(null, bound, shop)).toBeNull();
  });
});

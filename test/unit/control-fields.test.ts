import { describe, it } from 'vitest';
import { takeControlFields } from '../../src/forms/control-fields.ts';
import { emptyContent, type Content } from '../../src/lib/content.ts';

const take = (sent: Content) => takeControlFields(Object.assign(emptyContent(), sent));

const nothing = {
  redirectTo: null,
  errorRedirectTo: null,
  honeypot: false,
  captchaToken: null,
  renderStamp: null,
  language: null,
  dryRun: false,
};

describe('control fields', () => {
  it.for([
    ['_next', 'redirectTo'],
    ['_redirect', 'redirectTo'],
    ['redirect', 'redirectTo'],
    ['redirectTo', 'redirectTo'],
    ['retURL', 'redirectTo'],
    ['_error', 'errorRedirectTo'],
    ['cf-turnstile-response', 'captchaToken'],
    ['h-captcha-response', 'captchaToken'],
    ['g-recaptcha-response', 'captchaToken'],
    ['recaptcha_response', 'captchaToken'],
    ['_stamp', 'renderStamp'],
    ['_language', 'language'],
  ] as const)('%s is taken out and understood', ([name, meaning], { expect }) => {
    const { control, content } = take({ [name]: ' said ', email: 'ada@example.org' });
    expect(control).toMatchObject({ ...nothing, [meaning]: 'said' });
    expect(content).toEqual({ email: 'ada@example.org' });
  });

  it.for(['_gotcha', '_honeypot', '_honey', 'botcheck', 'bot-field', 'honeypot', 'BotCheck'])(
    '%s is a trap, once it is filled in',
    (name, { expect }) => {
      for (const filled of ['x', 'on', 'true', ['', 'x'], { a: 'x' }]) {
        expect(take({ [name]: filled }).control.honeypot).toBe(true);
      }
      for (const empty of ['', ' ', 'false', [], ['', ''], {}]) {
        expect(take({ [name]: empty }).control.honeypot).toBe(false);
      }
      expect(take({ [name]: 'x' }).content).toEqual({});
    },
  );

  it.for([
    ...['_cc', '_CC', 'ccemail', '_bcc', '_to', 'sendto', 'webhook', '_webhook', '_autoresponse'],
    ...['_captcha', '_blacklist', '_subject', '_template', 'debugEmail', 'from_name'],
    ...[
      'access_key',
      'accessKey',
      'apiKey',
      'form-name',
      'oid',
      '_charset_',
      '_feedback.success.title',
    ],
  ])('%s is neither obeyed nor kept', (name, { expect }) => {
    const { control, content } = take({ [name]: 'false', b: '1' });
    expect(control).toMatchObject(nothing);
    expect(content).toEqual({ b: '1' });
  });

  it.for(['website', 'subject', 'replyto', '_replyto', 'url', 'title', 'cc', 'company', 'next'])(
    '%s is an input like any other',
    (name, { expect }) => {
      const { control, content } = take({ [name]: 'https://example.org' });
      expect(control).toMatchObject(nothing);
      expect(content).toEqual({ [name]: 'https://example.org' });
    },
  );

  it('may be several, of which the first that says something counts', ({ expect }) => {
    const { control } = take({ retURL: '/c', _redirect: ['', '/b'], _next: ' ' });
    expect(control.redirectTo).toBe('/b');
  });

  it('ask for a dry run by the word true alone', ({ expect }) => {
    expect(take({ _dry_run: 'true' }).control.dryRun).toBe(true);
    expect(take({ _dry_run: 'false' }).control.dryRun).toBe(false);
  });
});

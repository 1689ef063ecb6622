import { describe, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import {
  formChangesBody,
  formFilter,
  newFormBody,
  replaceAddressBody,
} from '../../src/forms/contract.ts';
import { check } from '../../src/lib/check.ts';
import { problemsWith } from './problems-with.ts';

const origins = (count: number) => Array.from({ length: count }, (_, i) => `https://${i}.test`);
const emails = (count: number) => Array.from({ length: count }, (_, i) => `${i}@example.org`);
const captcha = { provider: 'turnstile', site_key: '0x4AAA' };
const uploads = { kinds: ['image'] };

/** The fields of a new form with a name and these settings. */
const formWith = (settings: object) => newFormBody.parse({ name: 'Contact', ...settings });

/** What a caller reads of what is wrong. */
function sentences(settings: object): string[] {
  try {
    check(newFormBody, { name: 'Contact', ...settings });
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.fields.map(({ field, message }) => `${field} ${message}`);
  }
}

describe('a new form', () => {
  it('needs a name alone', ({ expect }) => {
    expect(newFormBody.parse({ name: ' Contact ' })).toEqual({
      kind: 'lead',
      name: 'Contact',
      active: true,
      site_name: null,
      color: null,
      allowed_origins: [],
      redirect_url: null,
      error_url: null,
      default_source: null,
      default_category: null,
      default_status: 'new',
      captcha: null,
      notify_emails: [],
      uploads: null,
      rate_limit: null,
      repeat_contacts: 'touch',
      disposable_emails: 'flag',
      retention_days: null,
      list_id: null,
    });
    expect(problemsWith(newFormBody, {})).toEqual(['name invalid_type']);
  });

  it('may have every setting', ({ expect }) => {
    const settings = {
      kind: 'newsletter',
      active: false,
      site_name: 'Shop & Co',
      color: '#1a2b3c',
      allowed_origins: origins(20),
      redirect_url: 'https://shop.example/thanks?a=b#c',
      error_url: 'http://localhost:3000/error',
      default_source: 'website',
      default_category: 'press',
      default_status: 'contacted',
      captcha: { ...captcha, action: 'contact', on_outage: 'refuse' },
      notify_emails: emails(10),
      uploads: { max_files: 10, max_bytes: 10_485_760, kinds: ['image', 'document', 'avatar'] },
      rate_limit: '20/1h',
      repeat_contacts: 'new',
      disposable_emails: 'refuse',
      retention_days: 3_650,
      list_id: 'list_a',
    };
    expect(formWith(settings)).toEqual({ name: 'Contact', ...settings });
  });

  it('has everything in one spelling, and once', ({ expect }) => {
    expect(
      formWith({
        color: '#ABCDEF',
        allowed_origins: ['https://b.test', 'https://a.test', 'https://b.test'],
        notify_emails: ['Ada@Example.org', 'bob@example.org', 'ada@example.ORG '],
        uploads: { kinds: ['document', 'image', 'document'] },
        redirect_url: ' https://EXAMPLE.org/dänke ',
        error_url: '',
        site_name: '',
        default_source: ' ',
      }),
    ).toMatchObject({
      color: '#abcdef',
      allowed_origins: ['https://b.test', 'https://a.test'],
      notify_emails: ['Ada@Example.org', 'bob@example.org'],
      uploads: { max_files: 3, max_bytes: 5_242_880, kinds: ['document', 'image'] },
      redirect_url: 'https://example.org/d%C3%A4nke',
      error_url: null,
      site_name: null,
      default_source: null,
    });
    expect(formWith({ captcha }).captcha).toEqual({
      ...captcha,
      action: null,
      on_outage: 'accept',
    });
  });

  it.for([
    [{ name: '' }, 'name must not be empty'],
    [{ name: 'a'.repeat(256) }, 'name must have at most 255 characters'],
    [{ name: 'a\nb' }, 'name must be one line without control characters'],
    [{ name: null }, 'name must be of type string'],
    [{ active: 'yes' }, 'active must be of type boolean'],
    [{ site_name: 'a'.repeat(101) }, 'site_name must have at most 100 characters'],
    [{ color: 'red' }, 'color must look like #1a2b3c'],
    [{ color: '#fff' }, 'color must look like #1a2b3c'],
    [{ color: '#1a2b3c;}' }, 'color must look like #1a2b3c'],
    [{ allowed_origins: 'https://a.test' }, 'allowed_origins must be of type array'],
    [{ allowed_origins: origins(21) }, 'allowed_origins must be at most 20 items'],
    [
      { allowed_origins: ['https://a.test', '*'] },
      'allowed_origins.1 must be an origin such as https://example.com, without a path',
    ],
    [
      { allowed_origins: [`https://${'a'.repeat(300)}.test`] },
      'allowed_origins.0 must be at most 270 characters',
    ],
    [{ default_source: 'a'.repeat(101) }, 'default_source must have at most 100 characters'],
    [{ default_category: 5 }, 'default_category must be of type string'],
    [
      { default_status: 'open' },
      'default_status must be one of new, contacted, qualified, converted, lost',
    ],
    [{ captcha: {} }, 'captcha.provider must be one of turnstile, hcaptcha, recaptcha'],
    [
      { captcha: { ...captcha, site_key: '"><script>' } },
      'captcha.site_key must be the provider’s site key',
    ],
    [
      { captcha: { ...captcha, action: 'a b' } },
      'captcha.action must be 1 to 32 letters, digits, _, - or /',
    ],
    [
      { captcha: { ...captcha, on_outage: 'wait' } },
      'captcha.on_outage must be one of accept, refuse',
    ],
    [
      { captcha: { ...captcha, secret: 'hush' } },
      'captcha.secret is not a field that may be set here',
    ],
    [{ notify_emails: emails(11) }, 'notify_emails must be at most 10 items'],
    [{ notify_emails: ['ada'] }, 'notify_emails.0 must be an email address'],
    [{ notify_emails: ['a@b.org\nBcc: c@d.org'] }, /^notify_emails\.0 must be one line/],
    [{ uploads: {} }, 'uploads.kinds is required'],
    [{ uploads: { kinds: [] } }, 'uploads.kinds must be at least 1 items'],
    [{ uploads: { kinds: ['svg'] } }, 'uploads.kinds.0 must be one of image, document, avatar'],
    [{ uploads: { ...uploads, max_files: 11 } }, 'uploads.max_files must be at most 10'],
    [{ uploads: { ...uploads, max_files: 0 } }, 'uploads.max_files must be at least 1'],
    [{ uploads: { ...uploads, max_files: 1.5 } }, 'uploads.max_files must be of type int'],
    [
      { uploads: { ...uploads, max_bytes: 10_485_761 } },
      'uploads.max_bytes must be at most 10485760',
    ],
    [{ uploads: { ...uploads, max_bytes: '5' } }, 'uploads.max_bytes must be of type number'],
    [{ rate_limit: '0/1h' }, 'rate_limit must look like 1000/1h'],
    [{ repeat_contacts: 'merge' }, 'repeat_contacts must be one of touch, new'],
    [{ disposable_emails: 'drop' }, 'disposable_emails must be one of accept, flag, refuse'],
    [{ retention_days: 0 }, 'retention_days must be at least 1'],
    [{ retention_days: 3_651 }, 'retention_days must be at most 3650'],
    [{ id: 'form_1' }, 'id is not a field that may be set here'],
    [{ version: 2 }, 'version is not a field that may be set here'],
  ] as const)('with %o is refused: %s', ([settings, sentence], { expect }) => {
    const [first = '', ...more] = sentences(settings);
    expect(first).toMatch(sentence);
    expect(more.filter((line) => !line.startsWith('captcha.'))).toEqual([]);
  });

  it.for([
    'javascript:alert(1)',
    'data:text/html,hi',
    'vbscript:a',
    'blob:https://a.test/1',
    'ftp://a.test/',
    'file:///etc/passwd',
    '//a.test/thanks',
    '/thanks',
    'a.test',
    'https://',
    'https://user@a.test/',
    'https://:hush@a.test/',
    'https://a.test/\r\nSet-Cookie: a=b',
    'java\nscript:alert(1)',
    `https://a.test/${'a'.repeat(2_048)}`,
    `https://a.test/${'ä'.repeat(600)}`,
  ])('cannot send visitors to %j', (address, { expect }) => {
    for (const field of ['redirect_url', 'error_url']) {
      const [line = '', ...more] = sentences({ [field]: address });
      expect(line).toMatch(new RegExp(`^${field} must (be the address of a page|be one|have at)`));
      expect(more).toEqual([]);
    }
  });
});

describe('changes to a form', () => {
  it('name what changes, and nothing else comes with it', ({ expect }) => {
    expect(formChangesBody.parse({ active: false })).toEqual({ active: false });
    expect(formChangesBody.parse({ captcha: null, redirect_url: null })).toEqual({
      captcha: null,
      redirect_url: null,
    });
  });

  it('are refused where they name nothing, or what cannot change', ({ expect }) => {
    expect(problemsWith(formChangesBody, {})).toEqual([' undefined']);
    expect(problemsWith(formChangesBody, { name: 'A', created_at: '2026-01-01' })).toEqual([
      ' unrecognized_keys',
    ]);
    expect(problemsWith(formChangesBody, { name: null, color: 'red' })).toEqual([
      'name invalid_type',
      'color invalid_color',
    ]);
  });
});

describe('a new address', () => {
  it('lets the old one live on for a day, or for up to a year', ({ expect }) => {
    expect(replaceAddressBody.parse({})).toEqual({ keep_hours: 24 });
    expect(replaceAddressBody.parse({ keep_hours: 0 })).toEqual({ keep_hours: 0 });
    expect(problemsWith(replaceAddressBody, { keep_hours: 8_761 })).toEqual(['keep_hours too_big']);
    expect(problemsWith(replaceAddressBody, { keep_hours: -1 })).toEqual(['keep_hours too_small']);
  });
});

describe('a list of forms', () => {
  it('can be of those that take entries, or of those that do not', ({ expect }) => {
    expect(formFilter.parse({})).toEqual({});
    expect(formFilter.parse({ active: 'true' })).toEqual({ active: true });
    expect(formFilter.parse({ active: 'false' })).toEqual({ active: false });
    expect(problemsWith(formFilter, { active: '1' })).toEqual(['active invalid_value']);
  });
});

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { mailboxOf, parseEmail } from '../../src/lib/email.ts';

describe('an email address', () => {
  it.for([
    ['ada@example.com', 'ada@example.com'],
    ['  ada@example.com \n', 'ada@example.com'],
    ['Ada.Lovelace+News@Example.COM', 'ada.lovelace+news@example.com'],
    ["o'brien!#$%&*+-/=?^_`{|}~@sub.example.co.uk", "o'brien!#$%&*+-/=?^_`{|}~@sub.example.co.uk"],
    ['grüße@bücher.example', 'grüße@xn--bcher-kva.example'],
    ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
    ['😀@example.com', '😀@example.com'],
    ['ada@example。com', 'ada@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`a@${'b'.repeat(63)}.example`, `a@${'b'.repeat(63)}.example`],
  ] as const)('is taken as %j and known as %j', ([text, key], { expect }) => {
    expect(parseEmail(text)).toEqual({ address: text.trim(), key });
  });

  it.for([
    ['nothing', ''],
    ['no @', 'ada.example.com'],
    ['nothing before the @', '@example.com'],
    ['nothing after the @', 'ada@'],
    ['two @', 'ada@home@example.com'],
    ['a space in the name', 'ada lovelace@example.com'],
    ['a second line', 'ada@example.com\nBcc: eve@example.com'],
    ['a second recipient', 'ada@example.com,eve@example.com'],
    ['a name beside it', 'Ada <ada@example.com>'],
    ['quotes', '"ada lovelace"@example.com'],
    ['a dot first', '.ada@example.com'],
    ['a dot last', 'ada.@example.com'],
    ['two dots in a row', 'ada..lovelace@example.com'],
    ['a control character', 'a\u0000da@example.com'],
    ['an invisible character in the name', 'a\u200bda@example.com'],
    ['an invisible character in the domain', 'ada@exam\u200bple.com'],
    ['an invisible character at the end, as copying leaves it', 'ada@example.com\u200b'],
    ['a soft hyphen in the domain', 'ada@exam\u00adple.com'],
    ['a reversed domain', 'ada@\u202emoc.elpmaxe'],
    ['half a character', 'a\ud800da@example.com'],
    ['no top level', 'ada@localhost'],
    ['a top level of one letter', 'ada@example.c'],
    ['an empty label', 'ada@example..com'],
    ['a dot at the end', 'ada@example.com.'],
    ['a label that begins with a hyphen', 'ada@-example.com'],
    ['a label of 64 characters', `ada@${'b'.repeat(64)}.example`],
    ['an underscore in the domain', 'ada@exa_mple.com'],
    ['an IPv4 address', 'ada@192.168.10.20'],
    ['an IPv4 address in hex', 'ada@0x7f.16'],
    ['an address literal', 'ada@[192.168.0.1]'],
    ['an IPv6 literal', 'ada@[::1]'],
    ['a port', 'ada@example.com:25'],
    ['a path', 'ada@example.com/path'],
    ['a percent sign', 'ada@example%2ecom'],
    ['a name of 65 characters', `${'a'.repeat(65)}@example.com`],
    ['255 characters', `a@${'b.'.repeat(125)}com`],
  ] as const)('is refused with %s', ([, text], { expect }) => {
    expect(parseEmail(text)).toBeNull();
  });

  it('is taken whenever the standards allow it without quotes', ({ expect }) => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        expect(parseEmail(text)).toEqual({ address: text, key: text.toLowerCase() });
      }),
    );
  });

  it('is one person however it is capitalised', ({ expect }) => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        expect(parseEmail(text.toUpperCase())?.key).toBe(parseEmail(text)?.key);
      }),
    );
  });

  it('never holds blanks, controls or half characters, and its key has an ASCII domain', ({
    expect,
  }) => {
    const part = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
    const almost = fc
      .tuple(part, fc.stringMatching(/^[a-z]{1,5}$/), part)
      .map(([local, name, label]) => `${local}@${label}${name}.example`);
    fc.assert(
      fc.property(fc.oneof(part, almost), (text) => {
        const email = parseEmail(text);
        if (email === null) return;
        expect(email.address).toBe(text.trim());
        expect(email.address).not.toMatch(/[\s\p{C}]/u);
        expect(email.key).toMatch(/@[a-z0-9.-]+$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the mailbox of an address', () => {
  it.for([
    ['ada@example.com', 'ada@example.com'],
    ['ada+news@example.com', 'ada@example.com'],
    ['ada+a+b@example.com', 'ada@example.com'],
    ['ada.l@example.com', 'ada.l@example.com'],
    ['+ada@example.com', '+ada@example.com'],
    ['a.d.a+news@googlemail.com', 'ada@gmail.com'],
    ['ada@gmail.com', 'ada@gmail.com'],
    ['a.d.a@mail.gmail.com', 'a.d.a@mail.gmail.com'],
  ] as const)('%s is %s', ([key, mailbox], { expect }) => {
    expect(mailboxOf(key)).toBe(mailbox);
  });
});

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { newLeadBody, visitorLeadBody } from '../../src/leads/contract.ts';
import { problemsWith } from './problems-with.ts';

const ada = { full_name: 'Ada Lovelace', email: 'ada@example.com' };

const problems = (change: Record<string, unknown>) =>
  problemsWith(newLeadBody, { ...ada, ...change });

describe('a new lead', () => {
  it('needs a name and one way to answer; the rest has defaults', ({ expect }) => {
    const nothing = {
      position: null,
      company_name: null,
      source: null,
      category: null,
      notes: null,
      attribution: {},
      status: 'new',
      form_id: null,
    };
    expect(newLeadBody.parse(ada)).toEqual({
      ...nothing,
      full_name: 'Ada Lovelace',
      email: { address: 'ada@example.com', key: 'ada@example.com' },
      phone_number: null,
    });
    expect(newLeadBody.parse({ full_name: 'Ada', phone_number: ' +44 20 7946 0000 ' })).toEqual({
      ...nothing,
      full_name: 'Ada',
      email: null,
      phone_number: '+44 20 7946 0000',
    });
  });

  it('may have every field empty that it need not have, as forms send them', ({ expect }) => {
    for (const empty of ['', '  ', null]) {
      const optional = ['position', 'company_name', 'phone_number', 'source', 'category', 'notes'];
      const fields = Object.fromEntries(optional.map((name) => [name, empty]));
      expect(newLeadBody.parse({ ...ada, ...fields })).toEqual(newLeadBody.parse(ada));
    }
  });

  it.for([
    ['', 'too_short'],
    ['   ', 'too_short'],
    ['A', 'too_short'],
    [' A ', 'too_short'],
    ['😀', 'too_short'],
    ['42', 'only_digits'],
    ['٤٢', 'only_digits'],
    ['12 34-56', 'only_digits'],
    ['½ 3/4', 'only_digits'],
    ['--', 'only_digits'],
    ['\u200b\u200b', 'only_digits'],
    ['Ada\nLovelace', 'invalid_text'],
    ['Ada\u0085Lovelace', 'invalid_text'],
    ['Ada \u202eecalevoL', 'invalid_text'],
    ['A'.repeat(256), 'too_long'],
    ['😀'.repeat(256), 'too_long'],
    [null, 'invalid_type'],
    [42, 'invalid_type'],
    [['Ada'], 'invalid_type'],
  ] as const)('is refused with the name %j (%s)', ([name, code], { expect }) => {
    expect(problems({ full_name: name })).toEqual([`full_name ${code}`]);
  });

  it.for([
    'Al',
    'Li 3rd',
    '李小龍',
    'محمد',
    'Zoë',
    'Z\u0334a\u0337',
    '😀😀',
    "O'Brien",
    'A'.repeat(255),
  ])('may have the name %s', (name, { expect }) => {
    expect(newLeadBody.parse({ ...ada, full_name: ` ${name} ` }).full_name).toBe(name);
  });

  it('is refused without an email and a phone number', ({ expect }) => {
    for (const missing of [{}, { email: null }, { email: '', phone_number: ' ' }]) {
      expect(problemsWith(newLeadBody, { full_name: 'Ada', ...missing })).toEqual([
        'email required',
      ]);
      expect(problemsWith(visitorLeadBody, { full_name: 'Ada', ...missing })).toEqual([
        'email required',
      ]);
    }
  });

  it('is refused with an email or a phone number that is none', ({ expect }) => {
    expect(problems({ email: 'ada' })).toEqual(['email invalid_email']);
    expect(problems({ phone_number: 'call me' })).toEqual(['phone_number invalid_phone']);
    expect(problems({ email: `${'a'.repeat(250)}@b.co` })).toEqual(['email too_long']);
    expect(problems({ phone_number: '1'.repeat(41) })).toEqual(['phone_number too_long']);
  });

  it.for([
    ['position', 255],
    ['company_name', 255],
    ['source', 100],
    ['category', 100],
    ['notes', 5_000],
  ] as const)(
    'may have %s of %d characters, counted as people count',
    ([name, max], { expect }) => {
      for (const character of ['a', 'é', '語', '😀', '\u0301']) {
        expect(problems({ [name]: character.repeat(max) })).toEqual([]);
        expect(problems({ [name]: ` ${character.repeat(max)}\n` })).toEqual([]);
        expect(problems({ [name]: character.repeat(max + 1) })).toEqual([`${name} too_long`]);
      }
    },
  );

  it('has lines in its notes and nowhere else', ({ expect }) => {
    expect(newLeadBody.parse({ ...ada, notes: 'one\r\n\ttwo' }).notes).toBe('one\r\n\ttwo');
    for (const name of ['position', 'company_name', 'source', 'category']) {
      expect(problems({ [name]: 'one\ntwo' })).toEqual([`${name} invalid_text`]);
    }
    expect(problems({ attribution: { page: 'one\ntwo' } })).toEqual([
      'attribution.page invalid_text',
    ]);
  });

  it('says where it came from, in known words only', ({ expect }) => {
    const attribution = { utm_source: 'google', gclid: 'abc', page: 'https://acme.test/?a=b' };
    expect(newLeadBody.parse({ ...ada, attribution }).attribution).toEqual(attribution);
    expect(problems({ attribution: { utm_sauce: 'x' } })).toEqual([
      'attribution unrecognized_keys',
    ]);
    expect(problems({ attribution: { gclid: 'x'.repeat(256) } })).toEqual([
      'attribution.gclid too_long',
    ]);
    expect(problems({ attribution: { page: 'x'.repeat(2_049) } })).toEqual([
      'attribution.page too_long',
    ]);
    expect(problems({ attribution: [] })).toEqual(['attribution invalid_type']);
  });

  it.for(['id', 'created_at', 'version', 'email_key', 'Full_name', 'toString'])(
    'is refused with the field %s, which is not its own to set',
    (name, { expect }) => {
      expect(problems({ [name]: 'x' })).toEqual([' unrecognized_keys']);
      expect(problemsWith(visitorLeadBody, { ...ada, [name]: 'x' })).toEqual([
        ' unrecognized_keys',
      ]);
    },
  );

  it('has its status and form set by a secret key alone', ({ expect }) => {
    expect(problems({ status: 'lost', form_id: 'form_1' })).toEqual([]);
    expect(problems({ status: 'won' })).toEqual(['status invalid_value']);
    expect(problemsWith(visitorLeadBody, { ...ada, status: 'lost' })).toEqual([
      ' unrecognized_keys',
    ]);
    expect(problemsWith(visitorLeadBody, { ...ada, form_id: 'form_1' })).toEqual([
      ' unrecognized_keys',
    ]);
  });

  it('is taken or refused, whatever it is', ({ expect }) => {
    const lead = fc.record(
      {
        full_name: fc.anything(),
        email: fc.oneof(fc.emailAddress(), fc.anything()),
        phone_number: fc.anything(),
        attribution: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(lead, fc.anything()), (value) => {
        expect(newLeadBody.safeParse(value).success).toBeTypeOf('boolean');
      }),
    );
  });
});

import { describe, it } from 'vitest';
import type { LeadJson } from '../../src/leads/contract.ts';
import { call, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { countLeads } from '../support/rows.ts';
import { readList, makeLead } from './data.ts';
import { refusedFields } from './answers.ts';

const refused: [name: string, fields: Record<string, unknown>, errors: Record<string, string>][] = [
  ['without a name', { full_name: undefined }, { full_name: 'required' }],
  ['with a name that is no text', { full_name: 7 }, { full_name: 'invalid_type' }],
  ['with no name but null', { full_name: null }, { full_name: 'invalid_type' }],
  ['with a name of one letter', { full_name: ' A ' }, { full_name: 'too_short' }],
  ['with a name of spaces', { full_name: '   ' }, { full_name: 'too_short' }],
  ['with a name of digits', { full_name: '123 456' }, { full_name: 'only_digits' }],
  ['with a name of 256 letters', { full_name: 'a'.repeat(256) }, { full_name: 'too_long' }],
  ['without email and phone', { email: undefined, phone_number: undefined }, { email: 'required' }],
  ['with empty email and phone', { email: '', phone_number: ' ' }, { email: 'required' }],
  ['with a wrong email', { email: 'ada@' }, { email: 'invalid_email' }],
  ['with a wrong phone number', { phone_number: 'call me' }, { phone_number: 'invalid_phone' }],
  ['with 5,001 characters of notes', { notes: 'a'.repeat(5_001) }, { notes: 'too_long' }],
  ['with an unknown status', { status: 'hot' }, { status: 'invalid_value' }],
  ['with an unknown field', { budget: 5 }, { budget: 'unknown_field' }],
  ['with a version of its own', { version: 9 }, { version: 'unknown_field' }],
  [
    'with an unknown parameter of origin',
    { attribution: { utm_colour: 'red' } },
    { 'attribution.utm_colour': 'unknown_field' },
  ],
  ['of a form that is none', { form_id: 'form_none' }, { form_id: 'not_found' }],
  ['with a NUL', { notes: 'a\u0000b' }, { notes: 'invalid_text' }],
  ['with half a character', { notes: 'a\ud800b' }, { notes: 'invalid_text' }],
  [
    'with several mistakes at once',
    { full_name: 'A', email: 'x', status: 1, extra: true },
    {
      full_name: 'too_short',
      email: 'invalid_email',
      status: 'invalid_value',
      extra: 'unknown_field',
    },
  ],
];

describe('POST /v1/leads refuses a lead', () => {
  for (const [name, fields, errors] of refused) {
    it(`${name}, and stores nothing`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const source = randomWord();
      const response = await call('/v1/leads', {
        key,
        json: { ...makePerson(), source, ...fields },
      });
      expect(await refusedFields(expect, response)).toEqual(errors);
      expect((await readList('/v1/leads', key, { source })).data).toEqual([]);
    });
  }

  for (const json of [[], null, 'text', 5]) {
    it(`that is no object but ${JSON.stringify(json)}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const response = await call('/v1/leads', { key, json });
      expect(await refusedFields(expect, response)).toEqual({ '': 'invalid_type' });
    });
  }

  it('of which a publishable key would set more than a visitor may', async ({ expect }) => {
    const { formId, key } = await makeForm();
    const other = await makeForm();
    const forbidden = {
      id: 'lead_mine',
      status: 'converted',
      form_id: other.formId,
      created_at: '2020-01-01T00:00:00Z',
      version: 7,
    };
    const response = await call('/v1/leads', { key, json: { ...makePerson(), ...forbidden } });
    expect(await refusedFields(expect, response)).toEqual(
      Object.fromEntries(Object.keys(forbidden).map((field) => [field, 'unknown_field'])),
    );
    expect(await countLeads(operator, formId)).toBe(0);
    expect(await countLeads(operator, other.formId)).toBe(0);
  });
});

describe('POST /v1/leads takes', () => {
  it('a name of 255 characters and notes of 5,000, counted as people count', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const fields = { full_name: '🦊'.repeat(255), notes: 'é'.repeat(5_000) };
    const { id } = await makeLead(key, fields);
    const stored = await call(`/v1/leads/${id}`, { key });
    expect(await stored.json<LeadJson>()).toMatchObject(fields);
  });
});

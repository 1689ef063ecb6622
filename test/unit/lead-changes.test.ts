import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { leadStatuses } from '../../drizzle/columns.ts';
import { leadChangesBody } from '../../src/leads/contract.ts';
import { problemsWith } from './problems-with.ts';

const emptiable = [
  'position',
  'company_name',
  'phone_number',
  'email',
  'source',
  'category',
  'notes',
] as const;

describe('a change of a lead', () => {
  it('names what it changes, and nothing else comes out of it', ({ expect }) => {
    const change = fc.record(
      {
        full_name: fc.constantFrom('Ada', 'Grace'),
        position: fc.constantFrom('CTO', null),
        company_name: fc.constantFrom('Acme', null),
        phone_number: fc.constantFrom('12345', null),
        email: fc.constantFrom('ada@example.com', null),
        source: fc.constantFrom('web', null),
        category: fc.constantFrom('sales', null),
        notes: fc.constantFrom('Call back.', null),
        status: fc.constantFrom(...leadStatuses),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        change.filter((fields) => Object.keys(fields).length > 0),
        (fields) => {
          const email = fields.email ? { address: fields.email, key: fields.email } : fields.email;
          const expected = 'email' in fields ? { ...fields, email } : fields;
          expect(leadChangesBody.parse(fields)).toStrictEqual(expected);
        },
      ),
    );
  });

  it.for(emptiable)('empties %s with null, and with an empty text', (name, { expect }) => {
    expect(leadChangesBody.parse({ [name]: null })).toStrictEqual({ [name]: null });
    expect(leadChangesBody.parse({ [name]: ' ' })).toStrictEqual({ [name]: null });
  });

  it('cannot empty the name or the status', ({ expect }) => {
    expect(problemsWith(leadChangesBody, { full_name: null })).toEqual(['full_name invalid_type']);
    expect(problemsWith(leadChangesBody, { full_name: '' })).toEqual(['full_name too_short']);
    expect(problemsWith(leadChangesBody, { status: null })).toEqual(['status invalid_value']);
  });

  it('follows the rules of a new lead', ({ expect }) => {
    const changes = {
      full_name: '42',
      email: 'ada',
      phone_number: '1',
      notes: '😀'.repeat(5_001),
      status: 'won',
    };
    expect(problemsWith(leadChangesBody, changes)).toEqual([
      'full_name only_digits',
      'phone_number invalid_phone',
      'email invalid_email',
      'notes too_long',
      'status invalid_value',
    ]);
  });

  it('must change something', ({ expect }) => {
    expect(leadChangesBody.safeParse({}).success).toBe(false);
  });

  it.for(['id', 'form_id', 'attribution', 'created_at', 'version', 'email_key'])(
    'cannot touch %s',
    (name, { expect }) => {
      const changes = { notes: 'x', [name]: 'x' };
      expect(problemsWith(leadChangesBody, changes)).toEqual([' unrecognized_keys']);
    },
  );
});

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { firstListId, subscribeBody } from '../../src/newsletter/contract.ts';
import { call, makeSecretKey } from '../support/harness.ts';
import { randomWord } from '../support/people.ts';
import { problemsWith } from './problems-with.ts';

const text = (max: number) =>
  fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }), fc.nat(max))
    .map(([some, length]) => Array.from(some.repeat(length)).slice(0, max).join(''))
    .map((long) => long.normalize('NFC'));

describe('a sign-up', () => {
  it('needs an address; the list is the first one', ({ expect }) => {
    expect(subscribeBody.parse({ email: ' Ada@Example.com ' })).toEqual({
      email: { address: 'Ada@Example.com', key: 'ada@example.com' },
      full_name: null,
      list_id: firstListId,
      language: null,
      consent: { text: null, version: null, page: null },
    });
  });

  it.for([
    ['no address', {}, 'email invalid_type'],
    ['an empty address', { email: '' }, 'email too_short'],
    ['null for an address', { email: null }, 'email invalid_type'],
    ['an address that is none', { email: 'ada' }, 'email invalid_email'],
    ['a long name', { email: 'a@b.co', full_name: '😀'.repeat(256) }, 'full_name too_long'],
    ['no list', { email: 'a@b.co', list_id: '' }, 'list_id too_short'],
    ['a state', { email: 'a@b.co', state: 'active' }, ' unrecognized_keys'],
    ['a consent in a word', { email: 'a@b.co', consent: 'yes' }, 'consent invalid_type'],
    [
      'a long consent',
      { email: 'a@b.co', consent: { text: 'x'.repeat(2_001) } },
      'consent.text too_long',
    ],
    ['an IP of its own', { email: 'a@b.co', consent: { ip: '::1' } }, 'consent unrecognized_keys'],
  ] as const)('is refused with %s', ([, body, problem], { expect }) => {
    expect(problemsWith(subscribeBody, body)).toEqual([problem]);
  });

  it('is stored whenever the contract accepts it', { timeout: 60_000 }, async ({ expect }) => {
    const { key } = await makeSecretKey(['subscribers:write'], { rate_limit: '100000/1h' });
    const signUp = fc
      .record(
        {
          email: fc.emailAddress().map((address) => `${randomWord()}.${address}`),
          full_name: text(255),
          consent: fc.record({ text: text(2_000), version: text(100), page: text(2_048) }),
        },
        { requiredKeys: ['email'] },
      )
      .filter((body) => subscribeBody.safeParse(body).success);
    await fc.assert(
      fc.asyncProperty(signUp, async (json) => {
        const response = await call('/v1/subscribers', { key, json });
        expect(response.status, await response.clone().text()).toBe(202);
      }),
      { numRuns: 50 },
    );
  });
});

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { leadStatuses } from '../../drizzle/columns.ts';
import { leadChangesBody, newLeadBody } from '../../src/leads/contract.ts';
import { call, makeSecretKey } from '../support/harness.ts';

const character = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  fc.constantFrom(
    '😀',
    '\u0301',
    '\u202e',
    '\u200b',
    '\u0958',
    '\ufb2c',
    '\ufffe',
    "'",
    '"',
    '%',
    '\n',
  ),
);

/** Text as the body reader hands it on, often as long as it may be. */
function textUpTo(max: number): fc.Arbitrary<string> {
  const short = fc.string({ unit: character, maxLength: 20 });
  const long = fc
    .tuple(short, character, fc.integer({ min: max - 1, max: max + 1 }))
    .map(([start, one, length]) =>
      Array.from(start + one.repeat(length))
        .slice(0, length)
        .join(''),
    );
  return fc
    .oneof({ weight: 3, arbitrary: short }, long)
    .map((text) => text.replaceAll(/[^\P{Cc}\t\n\r]/gu, '').toWellFormed())
    .map((text) => text.normalize('NFC'));
}

const optional = (max: number) => fc.oneof(textUpTo(max), fc.constant(null));

const email = fc.oneof(
  fc.emailAddress(),
  fc.tuple(textUpTo(64), fc.domain()).map((parts) => parts.join('@')),
);
const phone = fc.stringMatching(/^\+?[\d ()./-]{5,20}( x\d{1,6})?$/);

const fields = {
  full_name: fc.oneof(textUpTo(255), fc.constant('Ada Lovelace')),
  position: optional(255),
  company_name: optional(255),
  phone_number: fc.oneof(phone, fc.constantFrom('12345', null)),
  email: fc.oneof(email, fc.constant(null)),
  source: optional(100),
  category: optional(100),
  notes: optional(5_000),
  status: fc.constantFrom(...leadStatuses),
};
const attribution = fc.record(
  { utm_source: textUpTo(255), page: textUpTo(2_048) },
  { requiredKeys: [] },
);

const acceptedLead = fc
  .record({ ...fields, attribution }, { requiredKeys: ['full_name'] })
  .filter((lead) => newLeadBody.safeParse(lead).success);

const acceptedChange = fc
  .record(fields, { requiredKeys: [] })
  .filter((change) => leadChangesBody.safeParse(change).success);

type Stored = { id: string; email: string; phone_number: string; version: number };

// Long texts take a moment to index, and other files run at the same time.
describe('whatever the contract accepts', { timeout: 60_000 }, () => {
  it('is stored, and read back as the contract understood it', async ({ expect }) => {
    const { key } = await makeSecretKey(['leads:write', 'leads:read'], { rate_limit: '100000/1h' });
    await fc.assert(
      fc.asyncProperty(acceptedLead, async (lead) => {
        const created = await call('/v1/leads', { key, json: lead });
        expect(created.status, await created.clone().text()).toBe(201);
        const { id } = await created.json<Stored>();
        const read = await call(`/v1/leads/${id}`, { key });
        const understood = newLeadBody.parse(lead);
        const given = Object.entries(understood.attribution).filter(([, text]) => text !== '');
        expect(await read.json()).toMatchObject({
          ...understood,
          email: understood.email?.address ?? null,
          attribution: Object.fromEntries(given),
        });
      }),
      { numRuns: 100 },
    );
  });

  it('is stored as a change too, unless nobody could answer the lead any more', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey(['leads:write'], { rate_limit: '100000/1h' });
    const json = { full_name: 'Ada Lovelace', email: 'ada@example.com' };
    await fc.assert(
      fc.asyncProperty(acceptedChange, async (change) => {
        const lead = await (await call('/v1/leads', { key, json })).json<Stored>();
        const changed = await call(`/v1/leads/${lead.id}`, { key, method: 'PATCH', json: change });
        const understood = leadChangesBody.parse(change);
        const reachable = understood.email !== null || (understood.phone_number ?? null) !== null;
        expect(changed.status, await changed.clone().text()).toBe(reachable ? 200 : 422);
      }),
      { numRuns: 60 },
    );
  });
});

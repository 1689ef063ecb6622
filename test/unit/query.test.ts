import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import * as z from 'zod/mini';
import { pageQuery } from '../../src/http/page.ts';
import { readQuery } from '../../src/http/query.ts';
import { leadFilter } from '../../src/leads/contract.ts';
import { tinyApp, type Problem } from './tiny-app.ts';

const query = z.extend(leadFilter, pageQuery.shape);
const app = tinyApp((c) => c.json(readQuery(c, query)));

describe('query parameters', () => {
  it('have their defaults: 50 of the newest', async ({ expect }) => {
    const response = await app.request('/');
    expect(await response.json()).toEqual({ limit: 50, sort: '-created_at' });
  });

  it('are understood', async ({ expect }) => {
    const query = new URLSearchParams({
      limit: '200',
      sort: 'updated_at',
      status: 'lost',
      q: ' Zoe\u0308 😀 ',
      created_after: '2026-01-01T00:00:00+01:00',
      created_before: '2026-01-01T00:00:00.001Z',
    });
    const response = await app.request(`/?${query}`);
    expect(await response.json()).toEqual({
      limit: 200,
      sort: 'updated_at',
      status: 'lost',
      q: 'Zo\u00eb 😀',
      created_after: Date.UTC(2025, 11, 31, 23),
      created_before: Date.UTC(2026, 0, 1, 0, 0, 0, 1),
    });
  });

  it.for([
    ['limit=1&limit=2', 'limit', 'repeated'],
    ['status=new&status=new', 'status', 'repeated'],
    ['x=1', 'x', 'unknown_field'],
    ['__proto__=1', '__proto__', 'unknown_field'],
    ['constructor=1', 'constructor', 'unknown_field'],
    ['limit=0', 'limit', 'too_small'],
    ['limit=', 'limit', 'invalid_type'],
    ['limit=201', 'limit', 'too_big'],
    ['limit=ten', 'limit', 'invalid_type'],
    ['limit=1.5', 'limit', 'invalid_type'],
    ['limit=0x10', 'limit', 'invalid_type'],
    ['limit=1e2', 'limit', 'invalid_type'],
    ['limit=%2B5', 'limit', 'invalid_type'],
    ['limit=-5', 'limit', 'invalid_type'],
    ['limit=%2010', 'limit', 'invalid_type'],
    ['limit=10%0A', 'limit', 'invalid_type'],
    ['limit=%D9%A1%D9%A0', 'limit', 'invalid_type'],
    [`limit=${'9'.repeat(400)}`, 'limit', 'invalid_type'],
    ['status=old', 'status', 'invalid_value'],
    ['sort=name', 'sort', 'invalid_value'],
    ['q=', 'q', 'too_short'],
    [`q=${'a'.repeat(201)}`, 'q', 'too_long'],
    ['q=%00', 'q', 'invalid_text'],
    ['created_after=yesterday', 'created_after', 'invalid_format'],
    ['created_after=2026-02-30T00:00:00Z', 'created_after', 'invalid_format'],
    ['created_after=2026-01-01', 'created_after', 'invalid_format'],
    [`cursor=${'a'.repeat(501)}`, 'cursor', 'too_big'],
  ] as const)('are refused with ?%s', async ([query, field, code], { expect }) => {
    const response = await app.request(`/?${query}`);
    expect(response.status).toBe(422);
    const { errors } = await response.json<Problem>();
    expect(errors).toMatchObject([{ field, code }]);
  });

  it('are understood or refused, whatever they are', async ({ expect }) => {
    const name = fc.oneof(
      fc.constantFrom('limit', 'q', 'sort', 'cursor', '__proto__'),
      fc.string(),
    );
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer().map(String));
    const escaped = fc.stringMatching(/^(%[0-9a-f]{0,2}|&|=|\+|;){0,6}$/);
    const query = fc.oneof(
      fc.array(fc.tuple(name, value)).map((pairs) => new URLSearchParams(pairs).toString()),
      escaped,
    );
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        const response = await app.request(`/?${text}`);
        expect([200, 400, 422]).toContain(response.status);
      }),
      { numRuns: 500 },
    );
  });
});

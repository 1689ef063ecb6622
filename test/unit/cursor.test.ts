import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { answerPage, decodeCursor, encodeCursor } from '../../src/http/page.ts';
import { leadSorts } from '../../src/leads/contract.ts';
import { newId } from '../../src/lib/ids.ts';
import { toPage, type Position } from '../../src/platform/keyset.ts';
import { tinyApp } from './tiny-app.ts';

const sort = fc.constantFrom(...leadSorts, 'events', 'keys', 'subscribers');
const position = fc.record({
  value: fc.maxSafeNat(),
  id: fc.oneof(
    fc.nat(2 ** 40).map((now) => newId('lead', now)),
    fc.stringMatching(/^\w{1,60}$/),
  ),
});

function codeOf(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('a cursor', () => {
  it('leads back to where it was made, and is safe in an address', ({ expect }) => {
    fc.assert(
      fc.property(sort, position, (order, at) => {
        const cursor = encodeCursor(order, at);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(cursor.length).toBeLessThanOrEqual(500);
        expect(decodeCursor(order, cursor)).toEqual(at);
      }),
    );
  });

  it('is refused in another order than its own', ({ expect }) => {
    fc.assert(
      fc.property(sort, sort, position, (made, asked, at) => {
        fc.pre(made !== asked);
        const cursor = encodeCursor(made, at);
        expect(codeOf(() => decodeCursor(asked, cursor))).toBe('invalid_cursor');
      }),
    );
  });

  it.for([
    ['nothing', ''],
    ['a word', 'next'],
    ['an id', 'lead_01jd3x'],
    ['JSON that is not encoded', '["-created_at",1,"lead_1"]'],
    ['no list', btoa('{"value":1,"id":"lead_1"}')],
    ['null', btoa('null')],
    ['too little', btoa('["-created_at",1]')],
    ['too much', btoa('["-created_at",1,"lead_1",2]')],
    ['a time that is a text', btoa('["-created_at","1","lead_1"]')],
    ['a time that is no integer', btoa('["-created_at",1.5,"lead_1"]')],
    ['a time beyond all integers', btoa('["-created_at",1e300,"lead_1"]')],
    ['no id', btoa('["-created_at",1,null]')],
    ['an empty id', btoa('["-created_at",1,""]')],
    ['an endless id', btoa(`["-created_at",1,"${'a'.repeat(61)}"]`)],
    ['an id with a quote', btoa(`["-created_at",1,"' OR 1=1"]`)],
    ['an id with NUL', btoa('["-created_at",1,"lead_\\u0000"]')],
    ['an id with half a character', btoa('["-created_at",1,"lead_\\ud800"]')],
    ['half of one', encodeCursor('-created_at', { value: 1, id: 'lead_1' }).slice(0, 12)],
  ] as const)('is refused when it is %s', ([, text], { expect }) => {
    expect(codeOf(() => decodeCursor('-created_at', text))).toBe('invalid_cursor');
  });

  it('is refused, and nothing worse, when it is any other text', ({ expect }) => {
    const json = fc.json({ stringUnit: 'binary-ascii' }).map((text) => btoa(text));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), json), (text) => {
        expect(codeOf(() => decodeCursor('-created_at', text))).toBe('invalid_cursor');
      }),
      { numRuns: 1_000 },
    );
  });

  it('is not needed for the first page', ({ expect }) => {
    expect(decodeCursor('-created_at', undefined)).toBeNull();
  });
});

const positionOf = (value: number): Position => ({ value, id: `lead_${value}` });

describe('a page', () => {
  it('ends at its limit, and has a next one only when there are more rows', ({ expect }) => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (all, limit) => {
          const page = toPage(all.slice(0, limit + 1), limit, positionOf);
          expect(page.rows).toEqual(all.slice(0, limit));
          const last = page.rows.at(-1);
          expect(page.next).toEqual(all.length > limit ? positionOf(last ?? -1) : null);
        },
      ),
    );
  });

  it('links to the next one with the same filters', async ({ expect }) => {
    const next = positionOf(7);
    const app = tinyApp((c) =>
      answerPage(
        c,
        { rows: [1, 2], next },
        { sort: 'keys', limit: 2, present: (row) => ({ row }) },
      ),
    );
    const response = await app.request('/?q=a%26b&limit=2&cursor=old');
    expect(await response.json()).toEqual({
      data: [{ row: 1 }, { row: 2 }],
      page: { next_cursor: encodeCursor('keys', next), has_more: true, limit: 2 },
    });
    const link = response.headers.get('Link') ?? '';
    const query = new URL(/^<(.+)>; rel="next"$/.exec(link)?.[1] ?? '', 'http://x').searchParams;
    expect(Object.fromEntries(query)).toEqual({
      q: 'a&b',
      limit: '2',
      cursor: encodeCursor('keys', next),
    });
  });

  it('links to nothing when it is the last', async ({ expect }) => {
    const app = tinyApp((c) =>
      answerPage(
        c,
        { rows: [1], next: null },
        { sort: 'keys', limit: 2, present: (row) => ({ row }) },
      ),
    );
    const response = await app.request('/');
    expect(response.headers.has('Link')).toBe(false);
    expect(await response.json()).toMatchObject({ page: { next_cursor: null, has_more: false } });
  });
});

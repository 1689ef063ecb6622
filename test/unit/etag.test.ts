import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { isCurrent, readIfMatch, writeETag } from '../../src/http/etag.ts';
import { tinyApp, type Problem } from './tiny-app.ts';

const app = tinyApp((c) => {
  writeETag(c, 7);
  return c.json({ known: readIfMatch(c), current: isCurrent(c, 7) });
});

type Answer = { known: number[] | null; current: boolean };

const send = (headers: Record<string, string>) => app.request('/', { headers });

describe('a version', () => {
  it('is shown as a strong ETag, which is understood when it comes back', async ({ expect }) => {
    const etag = (await send({})).headers.get('ETag') ?? '';
    expect(etag).toBe('"7"');
    const response = await send({ 'If-Match': etag, 'If-None-Match': etag });
    expect(await response.json()).toEqual({ known: [7], current: true });
  });

  it.for([
    ['"7"', [7]],
    ['"6", "7"', [6, 7]],
    [' "7" ', [7]],
    ['*', null],
    [' * ', null],
    ['W/"7"', [7]],
    ['"seven"', [0]],
    ['"-7"', [0]],
    ['"1e3"', [0]],
    [`"${'7'.repeat(16)}"`, [0]],
  ] as const)('is known by If-Match: %s', async ([header, known], { expect }) => {
    const answer = await (await send({ 'If-Match': header })).json<Answer>();
    expect(answer.known).toEqual(known);
  });

  it.for(['', '7', '"7', '"7",', '"7" "8"'])(
    'is refused with If-Match: %j, and the header is named',
    async (header, { expect }) => {
      const response = await send({ 'If-Match': header });
      expect(response.status).toBe(422);
      const { errors } = await response.json<Problem>();
      expect(errors).toMatchObject([{ field: 'If-Match', code: 'invalid_header' }]);
    },
  );

  it.for([
    ['"7"', true],
    ['W/"7"', true],
    ['"6","7"', true],
    ['"6" , W/"7"', true],
    ['*', true],
    ['"77"', false],
    ['"8"', false],
    ['7', false],
    ['', false],
  ] as const)('with If-None-Match: %s is current: %s', async ([header, current], { expect }) => {
    const answer = await (await send({ 'If-None-Match': header })).json<Answer>();
    expect(answer.current).toBe(current);
  });

  it('is read from any header as versions or refused, and nothing worse', async ({ expect }) => {
    const header = fc.string({ unit: fc.constantFrom('"', '7', ',', ' ', 'W', '/', '*', '\\') });
    await fc.assert(
      fc.asyncProperty(header, header, async (match, noneMatch) => {
        const response = await send({ 'If-Match': match, 'If-None-Match': noneMatch });
        expect([200, 422]).toContain(response.status);
      }),
      { numRuns: 500 },
    );
  });
});

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import * as z from 'zod/mini';
import { readJson } from '../../src/http/body.ts';
import { call, makeSecretKey } from '../support/harness.ts';
import { tinyApp, type Problem } from './tiny-app.ts';

const app = tinyApp(async (c) => c.json(await readJson(c, z.unknown())));

const halves = fc
  .array(fc.integer({ min: 0xd7f0, max: 0xe00f }), { maxLength: 4 })
  .map((units) => String.fromCharCode(...units));
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), halves);
const field = fc.constantFrom(
  'full_name',
  'email',
  'phone_number',
  'notes',
  'status',
  'attribution',
);
const key = fc.oneof(field, text, fc.constantFrom('__proto__', 'constructor', 'toString', ''));

const { json } = fc.letrec((tie) => ({
  leaf: fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)),
  list: fc.array(tie('json'), { maxLength: 4 }),
  object: fc.dictionary(key, tie('json'), { maxKeys: 5, noNullPrototype: false }),
  json: fc.oneof({ maxDepth: 6 }, tie('leaf'), tie('object'), tie('list')),
}));

const body = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  fc.dictionary(key, json, { maxKeys: 5 }).map((value) => JSON.stringify(value)),
  fc.string({
    unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', '\\', 'u', 'd8', ' '),
  }),
  fc.string({ unit: 'binary' }),
);

/** Every text in it, keys too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).concat(Object.values(value).flatMap(textsIn));
}

const request = (content: BodyInit) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: content,
});

describe('any body', { timeout: 60_000 }, () => {
  it('is read as well-formed text without control characters, or refused with a code', async ({
    expect,
  }) => {
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const response = await app.request('/', request(sent));
        if (response.status === 200) {
          for (const found of textsIn((await response.json<{ json: unknown }>()).json)) {
            expect(found.isWellFormed()).toBe(true);
            expect(found).toBe(found.normalize('NFC'));
            // oxlint-disable-next-line no-control-regex -- these are the characters to refuse
            expect(found).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
          }
        } else {
          expect([400, 422]).toContain(response.status);
          expect((await response.json<Problem>()).code).toMatch(
            /^(unreadable_body|validation_failed)$/,
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('of any bytes is read or refused', async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const response = await app.request('/', request(Uint8Array.from(bytes)));
        expect([200, 400, 422]).toContain(response.status);
      }),
    );
  });

  it('is answered by the service with 201 or with a refusal that has a code, never a 5xx', async ({
    expect,
  }) => {
    const { key: secret } = await makeSecretKey(['leads:write'], { rate_limit: '100000/1h' });
    const headers = { 'Content-Type': 'application/json' };
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const response = await call('/v1/leads', {
          key: secret,
          method: 'POST',
          body: sent,
          headers,
        });
        expect([201, 400, 422]).toContain(response.status);
        if (response.status === 201) return;
        expect(response.headers.get('Content-Type')).toBe('application/problem+json');
        const problem = await response.json<Problem>();
        expect(problem).toMatchObject({
          status: response.status,
          code: expect.stringMatching(/^[a-z_]+$/),
        });
      }),
      { numRuns: 200 },
    );
  });
});

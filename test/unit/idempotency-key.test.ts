import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Deps } from '../../src/deps.ts';
import { readIdempotencyTokens } from '../../src/http/idempotency.ts';
import { sha256 } from '../../src/lib/hashing.ts';
import type { Identity } from '../../src/keys/verify-key.ts';
import { tinyApp, type Problem } from './tiny-app.ts';

const app = tinyApp(async (c) => {
  c.set('deps', { config: { subjectSecrets: ['a secret'] } } as unknown as Deps);
  c.set('identity', { id: c.req.header('X-Sender') ?? 'key_1' } as Identity);
  return c.json(await readIdempotencyTokens(c, await c.req.text()));
});

type Token = { sender: string; key: string; fingerprint: string };

async function tokensOf(headers: Record<string, string>, method = 'POST', body = '{}') {
  const response = await app.request('/', { method, headers, body });
  return response.json<Token[]>();
}

describe('an Idempotency-Key', () => {
  it('need not be there', async ({ expect }) => {
    expect(await tokensOf({})).toEqual([]);
  });

  it('keeps of the request no hash that anybody else could make', async ({ expect }) => {
    const [token] = await tokensOf({ 'Idempotency-Key': 'a' });
    expect(token?.fingerprint).toMatch(/^[\da-f]{64}$/);
    expect(token?.fingerprint).not.toBe(await sha256('POST /\n{}'));
  });

  it('is the same quoted and bare', async ({ expect }) => {
    const word = fc.stringMatching(/^[!#-[\]-~]{1,255}$/);
    await fc.assert(
      fc.asyncProperty(word, async (key) => {
        const bare = await tokensOf({ 'Idempotency-Key': key });
        expect(bare).toMatchObject([{ sender: 'key_1', key }]);
        expect(await tokensOf({ 'Idempotency-Key': `"${key}"` })).toEqual(bare);
      }),
    );
  });

  it.for(['', '""', 'two words', 'back\\slash', 'in"side', 'a'.repeat(256), '"'])(
    'is refused when it is %j, and the header is named',
    async (key, { expect }) => {
      const headers = { 'Idempotency-Key': key };
      const response = await app.request('/', { method: 'POST', headers, body: '{}' });
      expect(response.status).toBe(422);
      const { errors } = await response.json<Problem>();
      expect(errors).toMatchObject([{ field: 'Idempotency-Key', code: 'invalid_header' }]);
    },
  );

  it('goes with its sender, and with exactly what was sent', async ({ expect }) => {
    const headers = { 'Idempotency-Key': 'once' };
    const [token] = await tokensOf(headers);
    expect(await tokensOf(headers)).toEqual([token]);
    expect(await tokensOf({ ...headers, 'X-Sender': 'key_2' })).toEqual([
      { ...token, sender: 'key_2' },
    ]);
    for (const [method, body] of [
      ['POST', '{ }'],
      ['PUT', '{}'],
    ] as const) {
      expect((await tokensOf(headers, method, body))[0]?.fingerprint).not.toBe(token?.fingerprint);
    }
  });
});
